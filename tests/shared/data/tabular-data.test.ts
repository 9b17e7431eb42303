import { breastCancer, diabetes, type TabularData, wine } from "@nn30/shared";
import { parseClassified } from "@nn30/shared/dist/data/tabular-data.js";
import { describe, expect, it } from "vitest";

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const column = ({ features, featureNames }: TabularData, name: string) =>
  features.map((row) => row[featureNames.indexOf(name)]);
const counts = (target: number[]) => target.reduce<number[]>((all, c) => ((all[c] = (all[c] ?? 0) + 1), all), []);

function checkShape({ features, featureNames, target }: TabularData, rows: number, columns: number): void {
  expect(features).toHaveLength(rows);
  expect(target).toHaveLength(rows);
  expect(new Set(featureNames).size).toBe(columns);
  expect(features.every((row) => row.length === columns && row.every(Number.isFinite))).toBe(true);
}

describe("parseClassified", () => {
  it("takes the names of the classes from the first line and the class from the last column", () => {
    const bytes = new Uint8Array(Buffer.from("2,2,no,yes\r\n1.5,2,0\r\n-3,4e-3,1\r\n"));
    expect(parseClassified(bytes, ["a", "b"])).toEqual({
      featureNames: ["a", "b"],
      features: [
        [1.5, 2],
        [-3, 0.004],
      ],
      target: [0, 1],
      classNames: ["no", "yes"],
    });
  });
});

// The means are those that scikit-learn's documentation lists for the sets.
describe("wine", () => {
  it("has the published sizes, classes and means", () => {
    const data = wine();
    checkShape(data, 178, 13);
    expect(data.classNames).toEqual(["class_0", "class_1", "class_2"]);
    expect(counts(data.target)).toEqual([59, 71, 48]);
    expect(mean(column(data, "alcohol"))).toBeCloseTo(13.0, 1);
    expect(mean(column(data, "color intensity"))).toBeCloseTo(5.1, 1);
    expect(mean(column(data, "proline"))).toBeCloseTo(746.9, 1);
  });
});

describe("breastCancer", () => {
  it("has the published sizes, classes and extremes", () => {
    const data = breastCancer();
    checkShape(data, 569, 30);
    expect(data.classNames).toEqual(["malignant", "benign"]);
    expect(counts(data.target)).toEqual([212, 357]);
    const extremes = (name: string) => [Math.min(...column(data, name)), Math.max(...column(data, name))];
    expect(extremes("mean radius")).toEqual([6.981, 28.11]);
    expect(extremes("radius error")).toEqual([0.1115, 2.873]);
    expect(extremes("worst area")).toEqual([185.2, 4254]);
    expect(extremes("worst fractal dimension")).toEqual([0.05504, 0.2075]);
    // A malignant nucleus is larger.
    const radius = (wanted: number) => mean(column(data, "mean radius").filter((_, i) => data.target[i] === wanted));
    expect(radius(0)).toBeGreaterThan(radius(1) + 5);
  });
});

describe("diabetes", () => {
  it("has the published sizes and ranges, in its own units", () => {
    const data = diabetes();
    checkShape(data, 442, 10);
    expect([Math.min(...data.target), Math.max(...data.target)]).toEqual([25, 346]);
    expect(mean(data.target)).toBeCloseTo(152.1335, 4);
    expect(new Set(column(data, "sex"))).toEqual(new Set([1, 2]));
    expect([Math.min(...column(data, "age")), Math.max(...column(data, "age"))]).toEqual([19, 79]);
    // Total cholesterol over high-density lipoproteins, in most rows as a whole number.
    const [tc, hdl, ratio] = ["tc", "hdl", "tch"].map((name) => column(data, name));
    expect(ratio.filter((value, i) => Math.abs(value - tc[i] / hdl[i]) > 0.65)).toEqual([]);
  });
});
