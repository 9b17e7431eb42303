"""The networks of the benchmarks in Keras, to be timed against TensorFlow.js; networks.mjs has the same ones.

A server over pipes, as nielsen_numpy.py is: each line ``epoch`` on standard input trains one epoch and answers with a
line of JSON.
"""

import argparse
import json
import os
import platform
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

IMAGES = 6_400


def read_idx(path, header, count):
    """The first `count` bytes of an idx file behind its header."""
    return np.frombuffer(Path(path).read_bytes(), np.uint8, offset=header, count=count)


def digits(folder, shape):
    """MNIST images in [0, 1] and their class numbers."""
    pixels = read_idx(folder / "train-images-idx3-ubyte", 16, IMAGES * 784).reshape(IMAGES, *shape)
    return pixels.astype(np.float32) / np.float32(255), read_idx(folder / "train-labels-idx1-ubyte", 8, IMAGES).astype(np.int32)


def cnn(folder):
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, *digits(folder, (28, 28, 1)), 128


def dense(folder):
    model = keras.Sequential(
        [keras.Input((784,)), layers.Dense(128, activation="relu"), layers.Dense(10, activation="softmax")]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, *digits(folder, (784,)), 128


def lstm(_folder):
    length, count = 30, 1_280
    model = keras.Sequential(
        [keras.Input((length, 1)), layers.LSTM(50, return_sequences=True), layers.LSTM(50), layers.Dense(1)]
    )
    model.compile("adam", "mse")
    wave = np.sin(np.arange(count + length) / 5).astype(np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(wave[:-1], length)[:count, :, np.newaxis]
    return model, np.ascontiguousarray(windows), wave[length:, np.newaxis], 64


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("network", choices=["cnn", "dense", "lstm"])
    parser.add_argument("--data", required=True, type=Path, help="folder of the idx files")
    options = parser.parse_args()
    model, x, y, batch_size = {"cnn": cnn, "dense": dense, "lstm": lstm}[options.network](options.data)
    versions = {"python": platform.python_version(), "tensorflow": tf.__version__, "keras": keras.__version__}
    print(json.dumps(versions), flush=True)
    for line in sys.stdin:
        if line.strip() != "epoch":
            break
        start = time.perf_counter()
        history = model.fit(x, y, batch_size=batch_size, epochs=1, verbose=0).history
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds, "loss": history["loss"][0]}), flush=True)


if __name__ == "__main__":
    main()
