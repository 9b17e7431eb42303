/** A matrix in Plotly's binary form (float32) as rows of numbers. */
export function decodedMatrix(encoded: unknown): number[][] {
  const { dtype, bdata, shape } = encoded as { dtype: string; bdata: string; shape: string };
  if (dtype !== "f4") throw new TypeError(`expected dtype f4 but got ${dtype}`);
  const [rows, columns] = shape.split(", ").map(Number);
  const bytes = Uint8Array.from(Buffer.from(bdata, "base64"));
  const values = new Float32Array(bytes.buffer);
  return Array.from({ length: rows }, (_, r) => Array.from(values.subarray(r * columns, (r + 1) * columns)));
}
