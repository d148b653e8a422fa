import type { GivenFile } from '../run-requests.js';

/** Files that are read of what was dropped; whoever takes them says that there are too many. */
const MOST = 1001;

/** The files that were dropped, those in folders too. It must be called while the event is there. */
export async function droppedFiles(data: DataTransfer): Promise<readonly GivenFile[]> {
  const entries = Array.from(data.items, (item) => item.webkitGetAsEntry()).filter(
    (entry) => entry !== null,
  );
  const plain = Array.from(data.files, (file) => ({ path: file.name, file }));
  if (entries.every(({ isFile }) => isFile)) return plain;
  const found: GivenFile[] = [];
  for (const entry of entries) await collect(entry, found);
  return found;
}

async function collect(entry: FileSystemEntry, found: GivenFile[]): Promise<void> {
  if (found.length >= MOST) return;
  if (isFileEntry(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    found.push({ path: entry.fullPath.replace(/^\//, ''), file });
  } else if (isFolderEntry(entry)) {
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      );
      if (some.length === 0 || found.length >= MOST) return; // they come some at a time
      for (const one of some) await collect(one, found);
    }
  }
}

const isFileEntry = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

const isFolderEntry = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry =>
  entry.isDirectory;
