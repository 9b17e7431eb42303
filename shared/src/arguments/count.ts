/**
 * Refuses what is not a positive whole number.
 *
 * @param caller - The public function whose argument it is.
 * @throws RangeError which names the caller, the argument and its value.
 */
export function requireCount(caller: string, name: string, value: number): void {
  if (Number.isInteger(value) && value > 0) return;
  throw new RangeError(`${caller}: expected ${name} to be a positive whole number but got ${value}`);
}
