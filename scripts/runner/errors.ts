/** Something that the person who started the command has to mend before anything can run. Exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Node's error code (`ENOENT`, …), when there is one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** What is wrong, and what a person can do about it, when the system refuses to write (or read) a file. */
const REFUSALS: Record<string, string> = {
  ENOSPC: "the disk is full; make room, then run the same command again",
  EDQUOT: "your share of the disk is used up; make room, then run the same command again",
  EROFS: "it lies on a disk that is read-only; make that writable, or copy the checkout to one that is",
  EACCES: "you have no permission; make the checkout and all that is in it yours (chown) and writable (chmod -R u+w)",
  EPERM: "the system forbids it; make the checkout and all that is in it yours (chown) and writable (chmod -R u+w)",
};

/** A sentence which names the file, for errors of a full disk, a read-only one or lacking permission. */
export function refusal(error: unknown): string | undefined {
  const remedy = REFUSALS[errorCode(error) ?? ""];
  if (remedy === undefined) return undefined;
  const { path, syscall } = error as NodeJS.ErrnoException;
  return `${path ?? syscall ?? "a file"}: ${remedy}`;
}

/** A sentence for any thrown value. */
export function errorMessage(error: unknown): string {
  return refusal(error) ?? (error instanceof Error ? error.message : String(error));
}
