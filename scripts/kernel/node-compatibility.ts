import { syncBuiltinESMExports } from "node:module";
import util from "node:util";

/**
 * What TensorFlow.js 4.22 needs on current Node versions, and quiet start-up lines. Must run before anything loads it.
 *
 * 4.22 calls `util.isNullOrUndefined`, which Node 23 removed, and `util.isArray`, which warns of its age. Both are
 * replaced by plain functions of the same meaning; no other deprecation is silenced.
 */
export function prepareNode(): void {
  const legacy = util as unknown as Record<string, unknown>;
  legacy.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  legacy.isArray = Array.isArray;
  syncBuiltinESMExports();
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
}
