/** Versions of what a result depends on: Node's major and, where TensorFlow is in use, its own and tfjs-node's. */
export function versions(): Record<string, string> {
  const found: Record<string, string> = { node: process.versions.node.split(".")[0] };
  // Only a TensorFlow that the notebook has loaded is of interest: loading it here would cost a second.
  const loaded = loadedTensorFlow();
  if (loaded) {
    found["tfjs-node"] = loaded.version["tfjs-node"];
    found.tensorflow = loaded.backend().binding?.TF_Version ?? "unknown";
  }
  return found;
}

interface LoadedTensorFlow {
  version: Record<string, string>;
  backend(): { binding?: { TF_Version?: string } };
}

function loadedTensorFlow(): LoadedTensorFlow | undefined {
  try {
    return require.cache[require.resolve("@tensorflow/tfjs-node")]?.exports as LoadedTensorFlow | undefined;
  } catch {
    return undefined;
  }
}
