import type { Tensor1D, Tensor4D } from "@tensorflow/tfjs-node";
import { lazyTensorflow } from "./lazy-tensorflow.js";

/** Images and labels as tensors. The caller disposes both. */
export interface ImageTensors {
  /** `[count, height, width, 1]`, float32 in [0, 1]. */
  readonly images: Tensor4D;
  /** `[count]`, int32 class numbers. */
  readonly labels: Tensor1D;
}

/**
 * Grey-scale images with a class number each: one flat array of bytes `[count, height, width]`, 0 for background to
 * 255 for ink.
 *
 * `inputs` and `scale` are how a {@link Network} reads the same bytes, so a set of images can be passed to it as it is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { LabelledImages } from "@nn30/shared";
 *
 * const dots = new LabelledImages(Uint8Array.of(255, 0, 0, 51), Uint8Array.of(1, 0), 1, 2, 2);
 * assert.equal(dots.count, 2);
 * assert.deepEqual([...dots.image(1)], [0, 51]);
 * assert.equal(dots.pixels[0], 1);
 * assert.deepEqual([...dots.take(1).oneHot()], [0, 1]);
 * ```
 */
export class LabelledImages {
  /** Number of images. */
  readonly count: number;
  /** What a byte is multiplied by to lie in [0, 1]. */
  readonly scale = 1 / 255;
  #pixels: Float32Array | undefined;

  /**
   * @param images - Bytes `[count, height, width]`; kept, not copied.
   * @param labels - Class numbers `[count]` in 0 … classes − 1; kept, not copied.
   * @param height - Rows of one image.
   * @param width - Columns of one image.
   * @param classes - Number of classes.
   * @throws RangeError when the two arrays do not describe the same number of images.
   */
  constructor(
    readonly images: Uint8Array,
    readonly labels: Uint8Array,
    readonly height: number,
    readonly width: number,
    readonly classes = 10,
  ) {
    this.count = labels.length;
    if (images.length !== this.count * height * width) {
      throw new RangeError(
        `LabelledImages: expected ${this.count} images of ${height}×${width} (${this.count * height * width} bytes) ` +
          `for ${this.count} labels but got ${images.length} bytes`,
      );
    }
  }

  /** The bytes under the name that a network reads: `[count, height · width]`. */
  get inputs(): Uint8Array {
    return this.images;
  }

  /** The pixels as float32 in [0, 1], `[count, height, width]`. Made at the first use (4 bytes a pixel) and kept. */
  get pixels(): Float32Array {
    if (this.#pixels === undefined) {
      const pixels = new Float32Array(this.images.length);
      for (let i = 0; i < pixels.length; i++) pixels[i] = this.images[i] / 255;
      this.#pixels = pixels;
    }
    return this.#pixels;
  }

  /** The bytes of one image, `[height, width]`: a view, not a copy. */
  image(index: number): Uint8Array {
    this.#check("image", index, this.count - 1);
    const size = this.height * this.width;
    return this.images.subarray(index * size, (index + 1) * size);
  }

  /** The first `count` images, as views on the same memory. */
  take(count: number): LabelledImages {
    return this.slice(0, count);
  }

  /** Images `start` up to but not including `end`, as views on the same memory. */
  slice(start: number, end: number): LabelledImages {
    this.#check("slice", end, this.count);
    this.#check("slice", start, end);
    const size = this.height * this.width;
    const part = new LabelledImages(
      this.images.subarray(start * size, end * size),
      this.labels.subarray(start, end),
      this.height,
      this.width,
      this.classes,
    );
    part.#pixels = this.#pixels?.subarray(start * size, end * size);
    return part;
  }

  /** The images with the given numbers, in that order, copied. */
  subset(indices: ArrayLike<number>): LabelledImages {
    const size = this.height * this.width;
    const images = new Uint8Array(indices.length * size);
    const labels = new Uint8Array(indices.length);
    for (let i = 0; i < indices.length; i++) {
      images.set(this.image(indices[i]), i * size);
      labels[i] = this.labels[indices[i]];
    }
    return new LabelledImages(images, labels, this.height, this.width, this.classes);
  }

  /** The labels as rows with a single one, `[count, classes]`. */
  oneHot(): Float32Array {
    const rows = new Float32Array(this.count * this.classes);
    for (let i = 0; i < this.count; i++) rows[i * this.classes + this.labels[i]] = 1;
    return rows;
  }

  /** Images and labels as tensors, copied; loads TensorFlow.js. The caller disposes both. */
  tensors(): ImageTensors {
    const tf = lazyTensorflow();
    return {
      images: tf.tensor4d(this.pixels, [this.count, this.height, this.width, 1]),
      labels: tf.tensor1d(Int32Array.from(this.labels), "int32"),
    };
  }

  #check(method: string, index: number, last: number): void {
    if (!Number.isInteger(index) || index < 0 || index > last) {
      throw new RangeError(`LabelledImages.${method}: expected a whole number in 0 … ${last} but got ${index}`);
    }
  }
}
