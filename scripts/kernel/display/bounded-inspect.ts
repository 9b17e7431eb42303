import { inspect } from "node:util";

const MAX_CHARACTERS = 10_000;
const MAX_KEYS = 200;
const MAX_ITEMS = 100;

/** A copy of a plain object's first keys, since `util.inspect` limits arrays and strings but not objects. */
function withoutExcess(value: unknown): { value: unknown; left: number } {
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
    return { value, left: 0 };
  }
  const keys = Object.keys(value);
  if (keys.length <= MAX_KEYS) return { value, left: 0 };
  const source = value as Record<string, unknown>;
  const copy = Object.fromEntries(keys.slice(0, MAX_KEYS).map((key) => [key, source[key]]));
  return { value: copy, left: keys.length - MAX_KEYS };
}

/** `util.inspect` for any value, without colours and with an upper bound on what comes out. */
export function boundedInspect(value: unknown): string {
  let text: string;
  try {
    const shown = withoutExcess(value);
    text = inspect(shown.value, {
      depth: 2,
      colors: false,
      maxArrayLength: MAX_ITEMS,
      maxStringLength: MAX_CHARACTERS,
      breakLength: 100,
    });
    if (shown.left > 0) text += `\n… ${shown.left.toLocaleString("en")} more keys`;
  } catch (error) {
    // A getter or a proxy that throws must not make the value unprintable.
    text = `[${Object.prototype.toString.call(value)}: not printable, ${error instanceof Error ? error.message : "?"}]`;
  }
  if (text.length <= MAX_CHARACTERS) return text;
  const cut = text.slice(0, MAX_CHARACTERS);
  return `${cut}\n… ${(text.length - MAX_CHARACTERS).toLocaleString("en")} more characters`;
}
