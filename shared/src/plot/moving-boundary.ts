import { Figure, type Frame } from "./figure.js";
import {
  type DecisionBoundaryOptions,
  type LabelledPoints,
  type LinearUnit,
  checkUnit,
  described,
  equation,
  planeLayout,
  pointGroups,
  rightly,
  side,
  unitTraces,
  viewOf,
} from "./labelled-plane.js";
import { pointTraces } from "./scatter.js";

/**
 * The decision boundary of a linear unit as it learns: a slider and a play button in JupyterLab; a saved picture shows
 * the last step.
 *
 * @param steps the unit after each step; `label` is what the slider says, default "step 0", "step 1", …
 * @throws RangeError when there is no step, or as {@link decisionBoundary}.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { movingBoundary } from "@nn30/shared";
 *
 * const or = { inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], labels: [0, 1, 1, 1] };
 * const figure = movingBoundary(or, [{ weights: [1, -1], bias: 0 }, { weights: [2, 2], bias: -1 }]);
 * assert.equal(figure.frames?.length, 2);
 * ```
 */
export function movingBoundary(
  points: LabelledPoints,
  steps: readonly (LinearUnit & { label?: string })[],
  options: DecisionBoundaryOptions = {},
): Figure {
  const where = "movingBoundary";
  if (steps.length === 0) throw new RangeError(`${where}: expected at least one step but got none`);
  const groups = pointGroups(where, points);
  const window = viewOf(points, options);
  const names = steps.map((step, index) => step.label ?? `step ${index}`);
  const frames = steps.map((step, index): Frame => {
    checkUnit(`${where}: step ${index}`, step);
    const [area, line] = unitTraces(step, window);
    // A name of its own for every frame: labels may repeat.
    return {
      name: String(index),
      data: [
        { x: area.x, y: area.y },
        { x: line.x, y: line.y },
      ],
      traces: [0, 1],
    };
  });
  const last = steps[steps.length - 1];
  const layout = planeLayout(window, { height: 520, ...options });
  const still = { mode: "immediate", frame: { duration: 0, redraw: false }, transition: { duration: 0 } };
  const play = {
    mode: "immediate",
    fromcurrent: false,
    frame: { duration: 400, redraw: false },
    transition: { duration: 0 },
  };
  const heading = options.title ? `${options.title}. ` : "";
  return new Figure({
    data: [...unitTraces(last, window), ...pointTraces(where, groups)],
    layout: {
      ...layout,
      sliders: [
        {
          active: steps.length - 1,
          // To the right of the button, also where the figure is narrow.
          x: 0.2,
          len: 0.8,
          y: 0,
          pad: { t: 58 },
          currentvalue: { xanchor: "left" },
          steps: names.map((label, index) => ({ label, method: "animate", args: [[String(index)], still] })),
        },
      ],
      updatemenus: [
        {
          type: "buttons",
          showactive: false,
          x: 0,
          xanchor: "left",
          y: 0,
          yanchor: "top",
          pad: { t: 74 },
          buttons: [{ label: "▶ play", method: "animate", args: [null, play] }],
        },
      ],
    },
    frames,
    alt:
      options.alt ??
      `${heading}Moving decision boundary in ${steps.length} steps: ${described(groups)} and, at ${names[names.length - 1]}, the line ${equation(last)}; ${rightly(points, (x1, x2) => side(last, x1, x2))}.`,
  });
}
