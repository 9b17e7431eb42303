export { propagateBack } from "./backward";
export { descend } from "./descent";
export { weightedInputs } from "./forward";
