/** Something that the person who started the command has to mend before anything can run. Exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** Node's error code (`ENOENT`, …), when there is one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** A sentence for any thrown value. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
