/** Properties of {@link LineInput}. */
interface LineInputProps {
  readonly title: string;
  readonly value: string;
  /** Whether it may have several lines. */
  readonly isText?: boolean;
  readonly onChange: (value: string) => void;
}

/** Where one types what a model goes on with, as it is: nothing is corrected. */
export function LineInput({ title, value, isText = false, onChange }: LineInputProps) {
  const shared = {
    value,
    spellcheck: false,
    onInput: ({ currentTarget }: { currentTarget: { value: string } }) =>
      onChange(currentTarget.value),
  };
  return (
    <label class="wide">
      {title}
      {isText ? (
        <textarea rows={3} {...shared} />
      ) : (
        <input type="text" autocomplete="off" autocapitalize="off" {...shared} />
      )}
    </label>
  );
}
