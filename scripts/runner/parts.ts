/** What the parts of an environment (environmentParts in closure.ts) are called in messages. */
const NAMES: Record<string, string> = {
  checks: "the runner's checks",
  worker: "the runner's Python side (scripts/runner)",
  kernel: "the kernel launcher (scripts/kernel)",
  kernelSpec: "the kernel spec (.venv/share/jupyter/kernels/tslab)",
  helper: "the helper package (shared/dist)",
  packages: "the npm packages (package-lock.json)",
  python: "the Python packages (requirements.txt)",
  setup: "the list of data packages (scripts/setup)",
  data: "the data sets (.data)",
  fashion: "Fashion-MNIST (.data/fashion-mnist)",
  node: "Node",
  platform: "the platform",
  tensorflow: "the TensorFlow libraries (.native)",
};

/** Hashes say nothing to a reader; versions, platforms and "absent" do. */
const HASH = /^[0-9a-f]{64}$/;

/**
 * In what two environments differ, in words: `Node (20, 22)`, `the helper package (shared/dist)`.
 *
 * @param a parts of the one
 * @param b parts of the other
 */
export function describeParts(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): string[] {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys
    .filter((key) => a[key] !== b[key])
    .map((key) => {
      const values = [a[key], b[key]].map((value) => value ?? "unknown");
      const shown = values.every((value) => HASH.test(value)) ? "" : ` (${values.map(shorten).join(", ")})`;
      return `${NAMES[key] ?? key}${shown}`;
    });
}

function shorten(value: string): string {
  return HASH.test(value) ? "present" : value;
}
