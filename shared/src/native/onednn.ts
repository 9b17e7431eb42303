import type { OperationAttribute } from "./operation-attributes.js";
import type { NativeBackend } from "./tensorflow-backend.js";

/**
 * The label under which TensorFlow registers oneDNN's kernels for its internal operations (`_MklNative…`). Its graph
 * optimiser puts them into every graph that Python runs; single operations, as TensorFlow.js runs them, do not get all
 * of them by themselves.
 *
 * Source: tensorflow/core/graph/mkl_graph_util.h (`kMklNameChangeOpLabel`) and mkl_layout_pass.cc.
 */
export function onednnLabel(native: NativeBackend): OperationAttribute {
  return native.string("_kernel", "MklNameChangeOp");
}

/**
 * Whether an operation exists on this platform's TensorFlow and gives the values that it should: oneDNN is part of the
 * x86 builds, and of some others.
 */
export function works(trial: () => boolean): boolean {
  try {
    return trial();
  } catch {
    return false;
  }
}
