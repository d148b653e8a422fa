import type { GivenFile } from '../run-requests.js';

/** Properties of {@link FilePicker}. */
interface FilePickerProps {
  readonly title: string;
  /** Whether a folder is picked, with all that is in it. */
  readonly isFolder?: boolean;
  readonly onPick: (files: readonly GivenFile[]) => void;
}

/** A button that picks files, or a folder. */
export function FilePicker({ title, isFolder = false, onPick }: FilePickerProps) {
  return (
    <label class="button">
      {title}
      <input
        type="file"
        class="unseen"
        multiple
        ref={(input) => {
          if (input !== null) input.webkitdirectory = isFolder;
        }}
        onChange={({ currentTarget }) => {
          const picked = Array.from(currentTarget.files ?? [], (file) => ({
            path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
            file,
          }));
          if (picked.length > 0) onPick(picked);
          currentTarget.value = '';
        }}
      />
    </label>
  );
}
