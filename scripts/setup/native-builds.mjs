// For which platforms TensorFlow publishes libraries that we can compile tfjs-node's binding against.

/**
 * @typedef {object} NativeBuild
 * @property {string} requirement package in tensorflow.txt
 * @property {string[]} platforms wheel tags
 * @property {number} downloadMegabytes
 * @property {string[]} libraries in the wheel's folder `tensorflow/`
 * @property {string} zigTarget
 */

/** Version of TensorFlow that the libraries in tensorflow.txt report. */
export const TENSORFLOW_VERSION = "2.21.0";

/** The C headers that tfjs-node's binding includes, in the wheel's `tensorflow/include/`. */
export const HEADERS = [
  "tensorflow/c/c_api.h",
  "tensorflow/c/c_api_macros.h",
  "tensorflow/c/eager/c_api.h",
  "tensorflow/c/tf_attrtype.h",
  "tensorflow/c/tf_buffer.h",
  "tensorflow/c/tf_datatype.h",
  "tensorflow/c/tf_status.h",
  "tensorflow/c/tf_tensor.h",
  "tensorflow/c/tf_tstring.h",
  "tensorflow/core/platform/ctstring.h",
  "tensorflow/core/platform/ctstring_internal.h",
  "tsl/platform/ctstring.h",
  "tsl/platform/ctstring_internal.h",
  "xla/tsl/c/tsl_status.h",
];

const LINUX_LIBRARIES = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];

/** @type {Record<string, NativeBuild>} */
const BUILDS = {
  "linux-x64": {
    requirement: "tensorflow-cpu",
    platforms: ["manylinux_2_27_x86_64"],
    downloadMegabytes: 274,
    libraries: LINUX_LIBRARIES,
    zigTarget: "x86_64-linux-gnu.2.27",
  },
  "linux-arm64": {
    requirement: "tensorflow",
    platforms: ["manylinux_2_27_aarch64"],
    downloadMegabytes: 282,
    libraries: LINUX_LIBRARIES,
    zigTarget: "aarch64-linux-gnu.2.27",
  },
  "darwin-arm64": {
    requirement: "tensorflow",
    platforms: ["macosx_12_0_arm64"],
    downloadMegabytes: 223,
    libraries: ["libtensorflow_cc.2.dylib", "libtensorflow_framework.2.dylib"],
    zigTarget: "aarch64-macos.12.0",
  },
};

/**
 * The build for a platform; undefined where TensorFlow publishes none and tfjs-node's own installer has to serve.
 *
 * @param {{ platform: string, arch: string }} machine as Node names them
 * @returns {NativeBuild | undefined}
 */
export function nativeBuild({ platform, arch }) {
  return BUILDS[`${platform}-${arch}`];
}
