/** The part of a TensorFlow.js tensor or variable that the summary needs; found by its shape, not by its class. */
interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly size: number;
  readonly isDisposed: boolean;
  dataSync(): ArrayLike<unknown>;
  reshape(shape: number[]): TensorLike;
  slice(begin: number[], size: number[]): TensorLike;
  dispose(): void;
  toString(verbose?: boolean): string;
}

const FIRST_VALUES = 8;
/** Up to this size, TensorFlow.js's own layout of a vector or a matrix is used, which reads all values. */
const MAX_PRINTED_SIZE = 100_000;

export function isTensor(value: unknown): value is TensorLike {
  if (typeof value !== "object" || value === null) return false;
  const candidate = value as Partial<TensorLike>;
  return (
    typeof candidate.dataSync === "function" &&
    typeof candidate.dispose === "function" &&
    typeof candidate.reshape === "function" &&
    typeof candidate.slice === "function" &&
    typeof candidate.dtype === "string" &&
    typeof candidate.size === "number" &&
    Array.isArray(candidate.shape)
  );
}

function show(value: unknown): string {
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  return typeof value === "string" ? JSON.stringify(value.slice(0, 60)) : String(value);
}

/** Reads only the first values from the backend; leaves no tensor behind. */
function firstValues(tensor: TensorLike): string[] {
  const flat = tensor.reshape([tensor.size]);
  const head = flat.slice([0], [Math.min(FIRST_VALUES, tensor.size)]);
  const values = Array.from(head.dataSync(), show);
  head.dispose();
  flat.dispose();
  return values;
}

/** A few lines of text: `Tensor float32 [2, 3]` and values. */
export function tensorSummary(tensor: TensorLike): string {
  const name = (tensor.constructor as { name?: string }).name === "Variable" ? "Variable" : "Tensor";
  const title = `${name} ${tensor.dtype} [${tensor.shape.join(", ")}]`;
  if (tensor.isDisposed) return `${title} (disposed)`;
  if (tensor.size === 0) return `${title} (empty)`;
  const rank = tensor.shape.length;
  if (rank === 0) return `${title}  ${firstValues(tensor).join(", ")}`;
  if (rank <= 2 && tensor.size <= MAX_PRINTED_SIZE) {
    const body = tensor.toString().split("\n").slice(1).join("\n");
    return `${title}\n${body}`;
  }
  return `${title}\n    first values: ${firstValues(tensor).join(", ")}${tensor.size > FIRST_VALUES ? ", …" : ""}`;
}
