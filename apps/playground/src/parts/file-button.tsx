/** A button that picks a file. */
export function FileButton({
  title,
  onPick,
}: {
  readonly title: string;
  readonly onPick: (file: File) => void;
}) {
  return (
    <label class="button">
      {title}
      <input
        type="file"
        class="unseen"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.item(0);
          if (file instanceof File) onPick(file);
          currentTarget.value = '';
        }}
      />
    </label>
  );
}
