/** Something committed that is not what its sources would give. */
export interface Stale {
  file: string;
  problem: string;
  /** Command that mends it. */
  command: string;
}
