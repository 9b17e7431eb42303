import { parseIdx } from "./idx.js";
import { LabelledImages } from "./labelled-images.js";
import { type DataSource, readVerified } from "./verified-file.js";

/** 60,000 training and 10,000 test images, split as in Nielsen's book. All parts are views on the same memory (55 MB). */
export interface ImageSplit {
  /** The first 50,000 of the 60,000 training images: what a network learns from. */
  readonly train: LabelledImages;
  /** The last 10,000 of the 60,000: for choosing hyper-parameters. */
  readonly validation: LabelledImages;
  /** The 10,000 test images, to be read once. */
  readonly test: LabelledImages;
  /** All 60,000 together, the training set of most other publications. */
  readonly trainAndValidation: LabelledImages;
}

/**
 * Reads and verifies the four idx files of MNIST, or of a data set made in its image.
 *
 * @param prefix - What the paths of the files begin with in the source's folder.
 * @throws Error that names the missing or damaged file, what was expected, what was found and what repairs it.
 */
export function readImageSplit(source: DataSource, prefix = ""): ImageSplit {
  const all = read(source, `${prefix}train`);
  return {
    train: all.slice(0, 50_000),
    validation: all.slice(50_000, 60_000),
    test: read(source, `${prefix}t10k`),
    trainAndValidation: all,
  };
}

function read(source: DataSource, part: string): LabelledImages {
  const [images, labels] = [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`];
  const pixels = parseIdx(readVerified(source, images), 3, images);
  const classes = parseIdx(readVerified(source, labels), 1, labels);
  return new LabelledImages(pixels.data, classes.data, pixels.shape[1], pixels.shape[2]);
}
