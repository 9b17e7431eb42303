import { inspect } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  Figure,
  PLOTLY_MIME,
  bars,
  compareTraining,
  confusionChart,
  confusionMatrix,
  contour,
  digitsGrid,
  heatmap,
  histogram,
  imageGrid,
  jupyterDisplay,
  lines,
  panels,
  scatter,
  trainingCurves,
} from "@nn30/shared";
import { decodedMatrix } from "./decoded-matrix.js";

/** The named axis title of a figure. */
function axisTitle(figure: Figure, axis: "xaxis" | "yaxis"): string {
  return (figure.layout[axis] as { title: { text: string } }).title.text;
}

/** The bytes that a figure costs in a notebook. */
function bytes(figure: Figure): number {
  return JSON.stringify(figure[jupyterDisplay]()).length;
}

const axes = { xTitle: "epoch", yTitle: "cost (nats)" };

describe("Figure", () => {
  const figure = new Figure({ data: [{ type: "bar", y: [1] }], layout: { width: 300 }, alt: " One bar. " });

  test("shows itself as a Plotly chart with the alternative text beside it", () => {
    const bundle = figure[jupyterDisplay]();
    expect(bundle["text/plain"]).toBe("One bar.");
    expect(bundle[PLOTLY_MIME]).toMatchObject({
      data: [{ type: "bar" }],
      layout: { width: 300, height: 440, paper_bgcolor: "#FFFFFF", meta: { alt: "One bar." } },
      config: { responsive: true, displaylogo: false },
    });
  });

  test("prints its alternative text where nothing draws charts", () => {
    expect(inspect(figure)).toBe("One bar.");
  });

  test("asks for what is missing", () => {
    expect(() => new Figure({ data: [], alt: "x" })).toThrow("at least one trace");
    expect(() => new Figure({ data: [{ type: "" }], alt: "x" })).toThrow("data[0].type");
    expect(() => new Figure({ data: [{ type: "bar" }], alt: "  " })).toThrow("expected alt");
  });
});

describe("lines", () => {
  test("makes that room once, also in a figure made of another one's layout", () => {
    const names = ["one", "two", "three"].map((name) => `a long name for series ${name}, to fill a row`);
    const figure = lines(
      names.map((name) => ({ name, y: [1, 2] })),
      axes,
    );
    const again = new Figure({ ...figure, alt: "the same" });
    expect(figure.layout.meta).toMatchObject({ legendRows: 3 });
    expect(again.layout.margin).toEqual(figure.layout.margin);
  });

  test("makes room above the plot for every row of its legend", () => {
    const top = (count: number, name: string): number => {
      const series = Array.from({ length: count }, (_, i) => ({ name: `${name} ${i}`, y: [1, 2] }));
      return (lines(series, axes).layout.margin as { t: number }).t;
    };
    const oneRow = top(2, "run");
    expect(top(5, "run")).toBe(oneRow);
    expect(top(9, "hidden layer of 100, seed")).toBe(oneRow + 4 * 19); // 672 pixels hold two columns of 235: five rows
    expect(top(3, "x".repeat(200))).toBe(oneRow + 2 * 19);
  });

  test("draws bands under all lines, as closed outlines", () => {
    const figure = lines(
      [
        { name: "a", y: [1, 2] },
        { name: "b", y: Float32Array.of(3, 4), lower: [2, 3], upper: [4, 5] },
      ],
      axes,
    );
    expect(figure.data.map((trace) => trace.name)).toEqual(["b: band", "a", "b"]);
    expect(figure.data[0]).toMatchObject({ x: [1, 2, 2, 1], y: [4, 5, 3, 2], fill: "toself", showlegend: false });
    expect(axisTitle(figure, "yaxis")).toBe("cost (nats)");
  });

  test("keeps six significant digits and turns NaN into a gap", () => {
    const figure = lines({ name: "a", y: [1 / 3, NaN, 2e6 / 3] }, axes);
    expect(figure.data[0].y).toEqual([0.333333, null, 666667]);
  });

  test("names a reference in the legend and makes room for it", () => {
    const figure = lines(
      { name: "a", y: [0.5, 0.9] },
      { ...axes, percent: true, reference: { value: 0.1, label: "guessing" } },
    );
    expect(figure.layout.shapes).toMatchObject([{ y0: 0.1, y1: 0.1, name: "guessing: 10 %", showlegend: true }]);
    const include = (figure.layout.yaxis as { autorangeoptions: { include: number[] } }).autorangeoptions.include;
    expect(include).toHaveLength(1);
    expect(include[0]).toBeCloseTo(0.06, 10);
    expect(figure.alt).toContain("Reference line guessing: 10 %.");
  });

  test("gives ranges of logarithmic axes as exponents", () => {
    const figure = lines({ name: "a", y: [1, 10] }, { ...axes, logY: true, yRange: [0.1, 100] });
    expect(figure.layout.yaxis).toMatchObject({ type: "log", range: [-1, 2] });
  });

  test("labels powers of ten, or 1, 2, 5 where there are fewer than two decades", () => {
    const yaxis = (y: number[]) => lines({ name: "a", y }, { ...axes, logY: true }).layout.yaxis;
    expect(yaxis([1e-3, 50])).toMatchObject({ dtick: 1 });
    expect(yaxis([1e-12, 1])).toMatchObject({ dtick: 2 });
    expect(yaxis([0.05, 1.2])).toMatchObject({
      tickvals: [0.05, 0.1, 0.2, 0.5, 1],
      ticktext: ["0.05", "0.1", "0.2", "0.5", "1"],
    });
    expect(yaxis([200, 400])).toMatchObject({ tickvals: [200, 300, 400, 500] });
    expect(yaxis([1, 1.1])).not.toHaveProperty("tickvals");
  });

  test("puts no ticks between whole numbers", () => {
    const figure = lines({ name: "mistakes", y: [3, 1, 0] }, axes);
    expect(figure.layout.xaxis).toMatchObject({ dtick: 1 });
    expect(figure.layout.yaxis).toMatchObject({ dtick: 1 });
    expect(lines({ name: "cost", y: [0.5, 0.1] }, axes).layout.yaxis).not.toHaveProperty("dtick");
    expect(lines({ name: "a", y: new Array(30).fill(1) }, axes).layout.xaxis).not.toHaveProperty("dtick");
  });

  test("says where a value cannot be drawn", () => {
    expect(() => lines([], axes)).toThrow("lines: expected at least one series but got none");
    expect(() => lines({ name: "a", y: [1, Infinity] }, axes)).toThrow(
      'series "a": expected y[1] to be finite but got Infinity',
    );
    expect(() => lines({ name: "a", y: [1, 0] }, { ...axes, logY: true })).toThrow(
      "expected y > 0 on a logarithmic axis but got 0 at index 1",
    );
    expect(() => lines({ name: "a", y: [1, 2], x: [1] }, axes)).toThrow("expected 2 items in x but got 1");
    expect(() => lines({ name: "a", y: [1], lower: [1] }, axes)).toThrow("both lower and upper");
    expect(() => lines({ name: "a", y: [1] }, { xTitle: "epoch", yTitle: "" })).toThrow(
      "expected yTitle to name the quantity",
    );
    expect(() => lines({ name: "a", y: ["1"] as unknown as number[] }, axes)).toThrow(
      "expected y[0] to be a number but got '1'",
    );
  });

  test("the alternative text holds first, last, lowest and highest value of every series", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -999, max: 999 }), { minLength: 1, maxLength: 20 }), (y) => {
        const { alt } = lines({ name: "s", y }, axes);
        for (const value of [y[0], y[y.length - 1], Math.min(...y), Math.max(...y)]) {
          expect(alt).toContain(String(value).replace("-", "−"));
        }
      }),
    );
  });
});

describe("training curves", () => {
  const runs = [{ accuracy: [0.1, 0.5] }, { accuracy: [0.3, 0.9] }, { accuracy: [0.2, 0.6] }];

  test("draw the median of the runs with a band from lowest to highest", () => {
    const figure = trainingCurves(runs, ["accuracy"]);
    expect(figure.data[1].y).toEqual([0.2, 0.6]);
    expect(figure.data[0].y).toEqual([0.3, 0.9, 0.5, 0.1]);
    expect(figure.alt).toContain("medians of 3 runs");
    expect(figure.layout.yaxis).toMatchObject({ tickformat: ",.2~%" });
  });

  test("compare configurations by one metric", () => {
    const figure = compareTraining({ slow: runs[0], fast: runs }, "accuracy", { firstEpoch: 0 });
    expect(figure.data.map((trace) => trace.name)).toEqual(["fast: band", "slow", "fast"]);
    expect(figure.data[1].x).toEqual([0, 1]);
  });

  test("name the run that lacks a metric or an epoch", () => {
    expect(() => trainingCurves(runs, ["loss"])).toThrow(
      `run 0 of "loss" to have the metric "loss" but it has [ 'accuracy' ]`,
    );
    expect(() => trainingCurves([runs[0], { accuracy: [1] }], ["accuracy"])).toThrow("expected 2 items in run 1");
    expect(() => compareTraining({}, "accuracy")).toThrow("at least one configuration");
  });
});

describe("scatter and bars", () => {
  test("groups differ in shape as well as in colour", () => {
    const figure = scatter(
      [0, 1].map((c) => ({ name: `class ${c}`, x: [c], y: [c] })),
      { xTitle: "x₁", yTitle: "x₂" },
    );
    const markers = figure.data.map((trace) => trace.marker as { symbol: string; color: string });
    expect(new Set(markers.map((marker) => marker.symbol)).size).toBe(2);
    expect(new Set(markers.map((marker) => marker.color)).size).toBe(2);
    expect(() => scatter({ name: "a", x: [1], y: [1, 2] }, axes)).toThrow('group "a": expected 1 items in y but got 2');
  });

  test("error bars are distances from the value", () => {
    const figure = bars(["a"], { name: "s", values: [5], lower: [3], upper: [6] }, { xTitle: "net", yTitle: "ms" });
    expect(figure.data[0].error_y).toMatchObject({ array: [1], arrayminus: [2] });
    expect(figure.data[0].text).toBeUndefined();
    expect(figure.alt).toContain("s: a 5 (3 to 6).");
  });

  test("bars need one value a category", () => {
    const options = { xTitle: "net", yTitle: "ms" };
    expect(() => bars(["a", "b"], { name: "s", values: [5] }, options)).toThrow(
      "expected 2 items in values (one a category) but got 1",
    );
    expect(() => bars([], [], options)).toThrow("at least one category");
  });
});

describe("values on bars", () => {
  const ten = Array.from("0123456789");
  const shares = ten.map((_, i) => 0.04845 + i / 11);
  const axes = { xTitle: "digit", yTitle: "accuracy", percent: true };
  const texts = (figure: Figure) => figure.data.map((trace) => trace.text as string[] | undefined);

  test("have fewer digits where bars are narrow", () => {
    expect(texts(bars(["a", "b"], { name: "s", values: [0.04845, 0.5] }, axes))[0]?.[0]).toBe("4.845 %");
    const reference = { value: 0.1, label: "guessing" };
    expect(texts(bars(ten, { name: "s", values: shares }, { ...axes, reference }))[0]?.[0]).toBe("4.8 %");
  });

  test("are left out where not even those fit, unless asked for", () => {
    const twice = [
      { name: "s", values: shares },
      { name: "t", values: shares },
    ];
    expect(texts(bars(ten, twice, axes))).toEqual([undefined, undefined]);
    expect(texts(bars(ten, twice, { ...axes, showValues: true }))[1]?.[0]).toBe("4.8 %");
  });

  test("stay whole where they are counts", () => {
    const counts = ten.map((_, i) => 1234 + i);
    expect(texts(bars(ten, { name: "s", values: counts }, { xTitle: "digit", yTitle: "images" }))[0]?.[1]).toBe(
      "1,235",
    );
  });
});

describe("histogram", () => {
  test("counts into bins that include both ends", () => {
    const figure = histogram({ name: "a", values: [0, 1, 2, 3, 4] }, { xTitle: "z", bins: 2 });
    expect(figure.data[0]).toMatchObject({ x: [1, 3], width: [2, 2], y: [2, 3] });
  });

  test("loses no value within the data's own range", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1 }), (values) => {
        const heights = histogram({ name: "a", values }, { xTitle: "z", bins: 7 }).data[0].y as number[];
        expect(heights.reduce((sum, height) => sum + height, 0)).toBe(values.length);
      }),
    );
  });

  test("densities cover an area of one; values outside the range are mentioned", () => {
    const figure = histogram(
      { name: "a", values: [0, 1, 1, 9] },
      { xTitle: "z", bins: 4, range: [0, 2], scale: "density" },
    );
    const { y, width } = figure.data[0] as unknown as { y: number[]; width: number[] };
    expect(y.reduce((sum, height, i) => sum + height * width[i], 0)).toBeCloseTo(1, 5);
    expect(figure.alt).toContain("1 outside the drawn range");
  });

  test("takes samples that are counted already", () => {
    const figure = histogram({ name: "a", counts: [2, 1], edges: [0, 1, 3] }, { xTitle: "z", scale: "share" });
    expect(figure.data[0]).toMatchObject({ x: [0.5, 2], y: [0.666667, 0.333333] });
    expect(() => histogram({ name: "a", counts: [2], edges: [1, 1] }, { xTitle: "z" })).toThrow(
      "expected edges to rise",
    );
  });
});

describe("matrices", () => {
  test("a confusion matrix writes counts or shares and names the worst errors", () => {
    const counts = [
      [6, 2],
      [1, 9],
    ];
    expect(confusionChart(counts).data[0].text).toEqual([
      ["6", "2"],
      ["1", "9"],
    ]);
    expect(confusionChart(counts, { normalise: "row" }).data[0].text).toEqual([
      ["75%", "25%"],
      ["10%", "90%"],
    ]);
    // Right answers positive (blue), errors negative (vermilion), the worst the deepest.
    expect(confusionChart(counts).data[0].z).toEqual([
      [0.75, -0.9],
      [-0.36, 0.9],
    ]);
    expect(confusionChart(counts).alt).toContain(
      "15 of 18 on the diagonal (83.33 %); most frequent: 2 × 0 taken for 1",
    );
  });

  test("a confusion matrix comes from predictions, too", () => {
    const figure = confusionChart(confusionMatrix([0, 1, 1], [0, 0, 1]));
    expect(figure.data[0].text).toEqual([
      ["1", "1"],
      ["0", "1"],
    ]);
  });

  test("a confusion matrix is square and counts", () => {
    expect(() => confusionChart([[1, 2]])).toThrow("expected counts of shape [classes, classes] but got [1, 2]");
    expect(() => confusionChart([[-1]])).toThrow("expected counts ≥ 0 but got -1 at [0, 0]");
    expect(() => confusionChart([[1]], { labels: ["a", "b"] })).toThrow("expected 1 items in labels");
  });

  test("a heat map of both signs is centred on zero", () => {
    const options = { xTitle: "input", yTitle: "neuron", valueTitle: "weight" };
    expect(heatmap([[-1, 3]], options).data[0]).toMatchObject({ zmin: -3, zmax: 3 });
    expect(heatmap([[1, 3]], options).data[0]).toMatchObject({ zmin: 1, zmax: 3 });
    expect(heatmap([[1, 3]], options).alt).toContain("Lowest 1 (neuron 0, input 0), highest 3 (neuron 0, input 1)");
    expect(() => heatmap([[1], [1, 2]], options)).toThrow("expected 1 items in rows[1] but got 2");
  });

  test("counts the colour bar when it makes room for the legend", () => {
    const surface = { height: (x: number, y: number) => x * y, xRange: [0, 1], yRange: [0, 1] } as const;
    const options = { xTitle: "w₁", yTitle: "w₂", valueTitle: "cost" };
    const rows = (path: string[]): unknown => {
      const paths = path.map((name) => ({ name, x: [0, 1], y: [0, 1] }));
      return (contour(surface, { ...options, path: paths }).layout.meta as { legendRows?: number } | undefined)
        ?.legendRows;
    };
    const five = ["from scratch", "fine-tuned", "frozen", "the wrong start", "right weights"]; // 622 of 586 pixels
    expect(rows(five)).toBe(2);
    expect(rows(five.slice(0, 4))).toBeUndefined();
  });

  test("a contour plot samples its function and finds the lowest point", () => {
    const options = { xTitle: "w₁", yTitle: "w₂", valueTitle: "cost" };
    const surface = {
      height: (x: number, y: number) => (x - 1) ** 2 + y ** 2,
      xRange: [0, 2],
      yRange: [-1, 1],
      resolution: 3,
    } as const;
    const [trace] = contour(surface, options).data;
    expect(trace).toMatchObject({ x: [0, 1, 2], y: [-1, 0, 1] });
    expect(decodedMatrix(trace.z)).toEqual([
      [2, 1, 2],
      [1, 0, 1],
      [2, 1, 2],
    ]);
    expect(contour(surface, options).alt).toContain("lowest 0 at w₁ 1, w₂ 0; highest 2.");
    expect(contour(surface, { ...options, levels: 30 }).data[0].ncontours).toBe(30);
    expect(() => contour(surface, { ...options, levels: 1.5 })).toThrow("expected levels to be a whole number ≥ 2");
    expect(() => contour(surface, { ...options, logLevels: true })).toThrow(
      "expected heights > 0 with logLevels but got 0",
    );
    expect(() => contour({ x: [0], y: [0], z: [[1, 2]] }, options)).toThrow(
      "expected 2 items in x (one a column of z) but got 1",
    );
  });

  test("draws a surface with equal units, as high as it needs", () => {
    const bowl = { height: (x: number, y: number) => x * x + y * y, xRange: [-6, 6], yRange: [-2, 2] } as const;
    const titles = { xTitle: "w₁", yTitle: "w₂", valueTitle: "cost" };
    const figure = contour(bowl, { ...titles, equalAspect: true });
    expect(figure.layout.yaxis).toMatchObject({ scaleanchor: "x", scaleratio: 1, constrain: "domain" });
    expect(figure.layout.height).toBe(317);
    expect(contour(bowl, { ...titles, equalAspect: true, height: 500 }).layout.height).toBe(500);
    expect(contour(bowl, titles).layout.yaxis).not.toHaveProperty("scaleanchor");
  });
});

describe("images", () => {
  test("forty digits cost less than 100 kB whatever their pixels", () => {
    const noise = Array.from({ length: 40 }, (_, k) =>
      Uint8Array.from({ length: 784 }, (_, i) => (i * 37 + k * 101) % 256),
    );
    const figure = digitsGrid(noise, { captions: noise.map((_, k) => `${k % 10} → ${(k * 7) % 10}`) });
    expect(bytes(figure)).toBeLessThan(100_000);
    expect((figure.layout.annotations as object[]).length).toBe(40);
  });

  test("tiles images row by row, from a list or from one flat array", () => {
    const options = { imageWidth: 1, imageHeight: 2, columns: 2 };
    const tile = (figure: Figure): { bytes: number[]; shape: string } => {
      const { bdata, shape } = figure.data[0].z as { bdata: string; shape: string };
      return { bytes: [...Buffer.from(bdata, "base64")], shape };
    };
    const expected = {
      // Two images side by side with a gap of two pixels, the third below after a gap of two rows.
      shape: "6, 4",
      bytes: [10, 0, 0, 30, 20, 0, 0, 40, ...new Array<number>(8).fill(0), 50, 0, 0, 0, 60, 0, 0, 0],
    };
    expect(tile(imageGrid([Uint8Array.of(10, 20), Uint8Array.of(30, 40), Uint8Array.of(50, 60)], options))).toEqual(
      expected,
    );
    expect(tile(imageGrid(Uint8Array.of(10, 20, 30, 40, 50, 60), options))).toEqual(expected);
  });

  test("values from 0 to 1 fill the scale; signed ones lie around its middle", () => {
    const first = (figure: Figure): number => Buffer.from((figure.data[0].z as { bdata: string }).bdata, "base64")[0];
    expect(first(imageGrid([[1]], { imageWidth: 1, imageHeight: 1 }))).toBe(255);
    expect(first(imageGrid([[-2]], { imageWidth: 1, imageHeight: 1, scale: "diverging" }))).toBe(0);
  });

  test("counts pixels and captions", () => {
    expect(() => digitsGrid([new Uint8Array(783)])).toThrow("expected images[0] to have 784 values but got 783");
    expect(() => digitsGrid(new Uint8Array(785))).toThrow("whole images (784 values each) but got 785 values");
    expect(() => digitsGrid([new Uint8Array(784)], { captions: [1, 2] })).toThrow("expected 1 items in captions");
    expect(() => digitsGrid([])).toThrow("at least one image");
  });
});

describe("panels", () => {
  const one = (title: string): Figure =>
    lines(
      [
        { name: "a", y: [1, 2] },
        { name: "b", y: [2, 1] },
      ],
      { ...axes, title },
    );

  test("give each figure axes of its own and one legend to all", () => {
    const figure = panels([one("left"), one("right")], { title: "both" });
    expect(figure.data.map((trace) => [trace.xaxis, trace.name, trace.showlegend])).toEqual([
      ["x", "a", true],
      ["x", "b", true],
      ["x2", "a", false],
      ["x2", "b", false],
    ]);
    const domain = (axis: string): number[] => (figure.layout[axis] as { domain: number[] }).domain;
    expect(domain("xaxis")[1]).toBeLessThan(domain("xaxis2")[0]);
    expect(figure.alt).toMatch(/^both\. 2 panels\. left\. .*right\. /);
  });

  test("keep an equal aspect within the panel", () => {
    const square = scatter({ name: "a", x: [0], y: [0] }, { ...axes, equalAspect: true });
    expect(panels([square, square]).layout.yaxis2).toMatchObject({ scaleanchor: "x2" });
  });
});
