import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { claiming, type Finished, finished, reportOf, TestCollection } from "../runner/collection.js";
import { commit, runInShell } from "./repository.js";

const CHECKOUT = path.resolve(import.meta.dirname, "../..");

/** A notebook as Jupyter wrote it until 2015. */
const FORMAT_3 = {
  metadata: {
    name: "",
    kernelspec: { name: "tslab", display_name: "TypeScript (tslab)", language: "typescript" },
  },
  nbformat: 3,
  nbformat_minor: 0,
  worksheets: [
    {
      cells: [
        { cell_type: "markdown", metadata: {}, source: ["Old."] },
        { cell_type: "code", collapsed: false, input: ["1 + 1;"], language: "typescript", metadata: {}, outputs: [] },
      ],
      metadata: {},
    },
  ],
};

interface Damage {
  what: string;
  /** Makes a sound notebook's file something else. */
  inflict: (file: string, text: string) => void;
  /** What the report says of it. */
  reason: string | RegExp;
  /** What a reader does who follows the report: runs the command that it names, or what is done here. */
  mend?: (file: string, sound: string) => void;
}

const rewrite = (change: (notebook: Record<string, unknown>) => void) => (file: string, text: string) => {
  const notebook = JSON.parse(text) as Record<string, unknown>;
  change(notebook);
  writeFileSync(file, JSON.stringify(notebook));
};
const inMetadata = (change: (metadata: Record<string, unknown>) => void) =>
  rewrite(({ metadata }) => change(metadata as Record<string, unknown>));
const saveAnew = (file: string, sound: string) => {
  writeFileSync(file, sound);
};

const DAMAGES: Damage[] = [
  {
    what: "is not JSON",
    inflict: (file) => writeFileSync(file, "x = 1\n"),
    reason: /not a notebook: expected JSON, all/,
  },
  {
    what: "is cut short",
    inflict: (file, text) => writeFileSync(file, text.slice(0, text.length / 2)),
    reason: /not a notebook: expected JSON, all of it/,
  },
  { what: "is empty", inflict: (file) => writeFileSync(file, ""), reason: "not a notebook: the file is empty" },
  {
    what: "holds a merge conflict",
    inflict: (file, text) =>
      writeFileSync(file, text.replace(/(?<=\n)( "metadata)/, "<<<<<<< HEAD\n=======\n>>>>>>> theirs\n$1")),
    reason: /not a notebook: line \d+ begins an unresolved merge conflict/,
  },
  {
    what: "is a folder",
    inflict: (file) => {
      rmSync(file);
      mkdirSync(file);
    },
    reason: "expected a notebook but this is a folder",
    mend: (file) => rmSync(file, { recursive: true }),
  },
  {
    what: "begins with a byte-order mark",
    inflict: (file, text) => writeFileSync(file, `\uFEFF${text}`),
    reason: "byte-order mark, which Jupyter refuses: save it as UTF-8 without",
    mend: saveAnew,
  },
  {
    what: "is in Latin-1",
    inflict: (file, text) => writeFileSync(file, text.replace("A notebook", "Une leçon"), "latin1"),
    reason: "expected UTF-8, the encoding of notebooks",
    mend: saveAnew,
  },
  {
    what: "has half of a surrogate pair in a cell",
    inflict: (file, text) => writeFileSync(file, text.replace("import", "'\\ud800'; import")),
    reason: "cells.0.source: expected Unicode but got half of a surrogate pair",
    mend: saveAnew,
  },
  {
    what: "is in format 3",
    inflict: (file, text) => {
      const { nn30 } = (JSON.parse(text) as { metadata: Record<string, unknown> }).metadata;
      writeFileSync(file, JSON.stringify({ ...FORMAT_3, metadata: { ...FORMAT_3.metadata, nn30 } }));
    },
    reason: /nbformat: expected 4 but got 3: convert it with: \.venv\/bin\/jupyter nbconvert --to notebook --inplace/,
  },
  {
    what: "is in format 5",
    inflict: rewrite((notebook) => (notebook.nbformat = 5)),
    reason: "nbformat: expected 4 but got 5: a newer Jupyter",
  },
  {
    what: "has no cells",
    inflict: rewrite((notebook) => (notebook.cells = [])),
    reason: "cells: expected at least one cell but got none",
    mend: saveAnew,
  },
  {
    what: "is for another kernel",
    inflict: inMetadata((metadata) => (metadata.kernelspec = { name: "python3" })),
    reason: 'metadata.kernelspec.name: expected "tslab": choose the kernel "TypeScript (tslab)" in JupyterLab',
    mend: saveAnew,
  },
  {
    what: "names no kernel",
    inflict: inMetadata((metadata) => delete metadata.kernelspec),
    reason: 'metadata.kernelspec: expected "tslab"',
    mend: saveAnew,
  },
  {
    what: "may not be read",
    inflict: (file) => chmodSync(file, 0),
    reason: "you may not read this file: allow it with: chmod u+r",
  },
];
// Nothing is forbidden to root.
const damages = DAMAGES.filter(({ what }) => what !== "may not be read" || process.getuid?.() !== 0);

describe("a file that is no notebook, or none that can be verified,", () => {
  const collection = new TestCollection("contents");
  const dayOf = (index: number): number => index + 1;
  const soundDay = damages.length + 1;
  const soundTexts = new Map<number, string>();
  let before: (string | undefined)[];
  let run: Finished;

  beforeAll(async () => {
    for (const index of [...damages.keys(), soundDay - 1]) {
      const day = dayOf(index);
      collection.writeDay(day, [claiming(day)]);
      soundTexts.set(day, collection.read(collection.notebook(day)));
    }
    commit(collection);
    for (const [index, { inflict }] of damages.entries()) {
      const day = dayOf(index);
      inflict(collection.path(collection.notebook(day)), soundTexts.get(day)!);
    }
    before = notebooks();
    run = await collection.verify([]);
  }, 120_000);

  /** Content of all notebooks; nothing for those that are none, or that may not be read. */
  const notebooks = (): (string | undefined)[] =>
    damages.map((_damage, index) => {
      try {
        return collection.read(collection.notebook(dayOf(index)));
      } catch {
        return undefined;
      }
    });

  const cases = damages.map(({ what, reason }, index): [string, number, string | RegExp] => [
    what,
    dayOf(index),
    reason,
  ]);

  it("fails alone: the others are verified, nothing is written, no process is left", async () => {
    expect(run.code).toBe(1);
    expect(run.output).toMatch(new RegExp(`^ *${soundDay} .* passed`, "m"));
    expect(run.output).toContain(`1 verified (0 unchanged), 1 claim holds, ${damages.length} failed`);
    expect(notebooks()).toEqual(before);
    expect(await collection.leftovers()).toEqual([]);
  });

  it.each(cases)("is named with what is wrong when it %s", (_what, day, reason) => {
    const report = reportOf(collection, day, run.output);
    expect(report.split("\n")).toHaveLength(2);
    expect(report).toMatch(reason);
    expect(report).toContain(`${collection.notebook(day)}: `);
  });

  it("is reported by every other command, which exits with 1 or 2 and writes nothing", async () => {
    for (const [args, command, code] of [
      [["--check"], "verify", 1],
      [["--save"], "verify", 1],
      [[], "export", 1],
      [[], "check", 2],
    ] as const) {
      const { code: ended, output } = await finished(collection.start([...args], { GITHUB_ACTIONS: "true" }, command));
      expect([command, ended], output).toEqual([command, code]);
      for (const [what, day] of cases) {
        // Of these, the check of types sees nothing.
        if (command === "check" && /no cells|half of a surrogate/.test(what)) continue;
        expect(output, `${command} says nothing of the notebook that ${what}`).toContain(collection.notebook(day));
      }
      expect(output).not.toMatch(/^\s+at .*\.js:\d+/m); // A stack of our own is no message.
    }
    expect(notebooks()).toEqual(before);
  }, 120_000);

  it("passes when one does what the report says", async () => {
    // The commands of reports are those of this checkout's root.
    symlinkSync(path.join(CHECKOUT, ".venv"), collection.path(".venv"));
    for (const [index, { mend }] of damages.entries()) {
      const day = dayOf(index);
      const file = collection.path(collection.notebook(day));
      mend?.(file, soundTexts.get(day)!);
      const command = /(?:git checkout|\.venv\/bin\/jupyter|chmod) .*$/m.exec(reportOf(collection, day, run.output));
      if (command) runInShell(collection, command[0]);
      else expect(mend, `day ${day} names no command`).toBeDefined();
    }
    const again = await collection.verify([]);
    const old = dayOf(damages.findIndex(({ what }) => what === "is in format 3"));
    expect(again.output).toContain(`${damages.length} verified`);
    // It never made a claim; but now it is a notebook, and runs.
    expect(reportOf(collection, old, again.output)).toContain("it makes no claim");
  }, 180_000);
});

describe("an unusual notebook", () => {
  const collection = new TestCollection("unusual");

  beforeAll(() => {
    collection.writeDay(1, [{ type: "markdown", source: "Only text." }]);
    collection.writeDay(2, [claiming(2), "'without ids'"]);
    const old = JSON.parse(collection.read(collection.notebook(2))) as {
      nbformat_minor: number;
      cells: { id?: string }[];
    };
    old.nbformat_minor = 0;
    for (const cell of old.cells) delete cell.id;
    collection.write(collection.notebook(2), `${JSON.stringify(old, null, 1)}\n`);
    collection.writeDay(3, [claiming(3), "const lines = `one\ntwo`;\nlines.length"]);
    collection.write(collection.notebook(3), collection.read(collection.notebook(3)).replaceAll("\n", "\r\n"));
  });

  it("with text alone makes no claim; without ids of cells, or with Windows's line ends, it is verified and saved", async () => {
    const run = await collection.verify(["--save"]);
    expect(run.code).toBe(1);
    expect(reportOf(collection, 1, run.output)).toContain("it makes no claim");
    expect(run.output).toMatch(/^ +2 .* passed \(saved\)/m);
    expect(run.output).toMatch(/^ +3 .* passed \(saved\)/m);
    const saved = collection.snapshot();
    expect((await collection.verify(["2-3", "--save", "--force"])).code).toBe(0);
    expect(collection.snapshot()).toEqual(saved);
    expect(readFileSync(collection.path(collection.notebook(3)), "utf8")).toContain('"7"');
    expect(await collection.leftovers()).toEqual([]);
  }, 120_000);
});
