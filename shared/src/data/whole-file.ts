import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Writes a file whole or not at all: beside its place first, and renamed when it is complete and on the disk.
 *
 * Node's writeFileSync goes on until all is written, or throws. The package write-file-atomic takes a part that the system
 * has accepted for the whole (that is how a disk fills up) and puts it in the place of the good file.
 */
export function writeWholeFile(file: string, content: string | Uint8Array): void {
  const partial = `${file}.${process.pid}.partial`;
  try {
    const descriptor = openSync(partial, "w");
    try {
      writeFileSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
}
