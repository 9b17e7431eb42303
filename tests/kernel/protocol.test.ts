import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { KernelFixture, outputsOf, PATIENCE, type Result, streamText, valueText } from "./fixture.js";

const fixture = new KernelFixture();
let results: Record<string, Result>;
let stderr: string;

const DRAIN = { execute: "", silent: true };

beforeAll(async () => {
  fixture.write(
    "node_modules/@nn30/shared/index.js",
    "exports.thrower = function thrower() { throw new Error('help'); };\n",
  );
  fixture.write(
    "layers.ts",
    "interface Units {\n  count: number;\n}\n\nexport function check(units: Units): void {\n  throw new RangeError(`units: ${units.count}`);\n}\n",
  );
  ({ results, stderr } = await fixture.drive(
    "launcher",
    {
      lines: { execute: "for (let i = 0; i < 5000; i++) console.log(`line ${i}`);" },
      manyLines: { execute: "for (let i = 0; i < 50000; i++) console.log(i);" },
      order: {
        execute:
          'import { display } from "tslab";\nconsole.log("a"); console.error("b"); display.html("<i>c</i>"); console.log("d"); "e"',
      },
      writeCallback: {
        execute:
          'await new Promise<void>((done) => { const ok = process.stdout.write("61", "hex", () => { console.log(" called", ok); done(); }); })',
      },
      writeBytes: {
        execute: "process.stdout.write(Buffer.from([0xc3])); process.stdout.write(Buffer.from([0xa9]));\n;",
      },

      define: {
        execute:
          "// A type, which leaves no line behind in JavaScript\ninterface Shape {\n  size: number;\n}\nfunction fail(shape: Shape): never {\n  throw new RangeError(`size ${shape.size}`, { cause: new TypeError('inner') });\n}",
      },
      thrown: { execute: "const first = 1;\n\nfail({ size: first });" },
      rejected: { execute: "type T = number;\nawait (async () => {\n  await null;\n  fail({ size: 2 });\n})();" },
      fromFile: { execute: 'import { check } from "./layers";\ncheck({ count: 3 });' },
      fromHelper: { execute: 'const { thrower } = require("./node_modules/@nn30/shared/index.js");\nthrower();' },
      thrownText: { execute: "throw 'only text';" },
      thrownNothing: { execute: "throw undefined;" },
      aggregate: { execute: "throw new AggregateError([new Error('one'), new TypeError('two')], 'both');" },
      typeError: { execute: "const fine = 1;\nconst wrong: string = fine;" },
      moduleTypeError: { execute: "/** @module wrongModule */\n\nexport const x: string = 3;" },
      shownError: { execute: "console.log(new Error('only shown').stack);" },
      windowsLines: { execute: "const crlf = 1;\r\n\r\nfail({ size: 9 });" },

      floating: { execute: "Promise.reject(new Error('floating'));\n;" },
      timer: { execute: "setTimeout(() => { throw new Error('timer'); }, 0);\n;" },
      timerWhileWaiting: {
        execute: "await new Promise<void>(() => { setTimeout(() => { throw new Error('never resolves'); }, 10); });",
      },
      rejectionWhileWaiting: { execute: "Promise.reject(new Error('hangs')); await new Promise<void>(() => {});" },
      handledInTime: {
        execute:
          "const soon = Promise.reject(new Error('x')); await new Promise((r) => setTimeout(r, 20)); try { await soon; } catch { console.log('handled'); }",
      },
      cleanDrain: DRAIN,
      late: { execute: "\nsetTimeout(() => { console.log('still mine'); throw new Error('late'); }, 60);\n;" },
      afterLate: { execute: "await new Promise((r) => setTimeout(r, 100)); 'fine'" },
      heard: { listen: 0.05 },
      lateDrain: DRAIN,
      secondDrain: DRAIN,
      pending: { execute: "setTimeout(() => { void Promise.reject(new Error('in time for the drain')); }, 150);\n;" },
      pendingDrain: DRAIN,
      interval: { execute: "const interval = setInterval(() => {}, 20);" },
      boundedDrain: DRAIN,
      clear: { execute: "clearInterval(interval);" },

      tolerated: { execute: "throw new Error('tolerated');", stop_on_error: false },
      afterTolerated: { execute: "console.log('not skipped');" },
      stopping: { execute: "throw new Error('stops');" },
      afterStopping: { execute: "console.log('not skipped either');" },
      runAll: { burst: ["console.log('before')", "throw new Error('stop here')", "console.log('skipped')", "1"] },
      runAllAsync: { burst: ["await new Promise((r) => setTimeout(r, 50)); throw new Error('stop')", "1"] },
      afterRunAll: { execute: "console.log('runs again');" },

      loop: { interrupt: "while (true) {}", after: 0.3 },
      waiting: { interrupt: "await new Promise<void>(() => {});", after: 0.3 },
      afterInterrupt: { execute: "fail.name" },

      silent: { execute: "console.log('unheard'); 1", silent: true },
      info: { request: "kernel_info_request" },
      comms: { request: "comm_info_request" },
      completeAfterEmoji: { request: "complete_request", content: { code: "'😀'; Math.hypo", cursor_pos: 14 } },
      unknown: { execute: "Object.getOwnPropertyNames(globalThis).sort().join()" },
      native: { execute: "require('fs').writeSync(2, 'from native code\\n');\n;" },
      holdOpen: { execute: "setInterval(() => {}, 1000); require('net').createServer().listen(0);\n;" },
      shutdown: { shutdown: true },
    },
    { NN30_DRAIN_MS: "700" },
  ));
}, PATIENCE);

afterAll(() => fixture.remove());

function errorOf(name: string): { ename: string; evalue: string; traceback: string } {
  const [error] = outputsOf(results[name], "error");
  const { reply } = results[name];
  expect(reply.status).toBe("error");
  expect({ ename: reply.ename, evalue: reply.evalue, traceback: reply.traceback }).toEqual(error);
  return { ename: reply.ename ?? "", evalue: reply.evalue ?? "", traceback: (reply.traceback ?? []).join("\n") };
}

describe("console output", () => {
  it("loses no line of a synchronous loop", () => {
    const expected = Array.from({ length: 5000 }, (_, index) => `line ${index}\n`).join("");
    expect(streamText(results.lines)).toBe(expected);
  });

  it("sends many lines in few messages", () => {
    expect(streamText(results.manyLines).trimEnd().split("\n")).toHaveLength(50_000);
    expect(results.manyLines.outputs.length).toBeLessThan(500);
  });

  it("keeps the order between streams, displays and the value", () => {
    const kinds = results.order.outputs.map(({ type, content }) => content.text ?? type);
    expect(kinds).toEqual(["execute_input", "a\n", "b\n", "display_data", "d\n", "execute_result"]);
  });

  it("keeps the contract of process.stdout.write", () => {
    expect(streamText(results.writeCallback)).toBe("a called true\n");
    expect(streamText(results.writeBytes)).toBe("é");
  });

  it("leaves what native code writes on the process's own stderr", () => {
    expect(results.native.outputs.map(({ type }) => type)).toEqual(["execute_input"]);
    expect(stderr).toContain("from native code");
  });
});

describe("errors", () => {
  it("shows the reader's own lines of a throw, and its cause", () => {
    const count = results.define.reply.execution_count;
    const own = results.thrown.reply.execution_count;
    const error = errorOf("thrown");
    expect(error.ename).toBe("RangeError");
    expect(error.evalue).toBe("size 1");
    expect(error.traceback).toContain(`at fail (cell[${count}]:6:9)`);
    expect(error.traceback).toContain("     6 |   throw new RangeError(");
    expect(error.traceback).toContain(`at cell[${own}]:3:1`);
    expect(error.traceback).toContain("     3 | fail({ size: first });\n       | ^");
    expect(error.traceback).toContain("Caused by: TypeError: inner");
    expect(error.traceback).not.toMatch(/tslab|node:|evalmachine|vm\.js/);
  });

  it("follows awaited functions, also behind await and a parenthesis", () => {
    const own = results.rejected.reply.execution_count;
    const error = errorOf("rejected");
    expect(error.evalue).toBe("size 2");
    expect(error.traceback).toContain(`cell[${own}]:4:3`);
    expect(error.traceback).toContain(`at async cell[${own}]:2:1`);
  });

  it("maps imported TypeScript files", () => {
    expect(errorOf("fromFile").traceback).toContain("at check (layers.ts:6:9)\n     6 |   throw new RangeError");
  });

  it("names the helper package in short", () => {
    const { traceback } = errorOf("fromHelper");
    expect(traceback).toContain("    at thrower (@nn30/shared)\n");
    expect(traceback).not.toContain("node_modules");
  });

  it("shows thrown values that are no errors", () => {
    expect(errorOf("thrownText")).toMatchObject({ ename: "Uncaught", evalue: "'only text'" });
    expect(errorOf("thrownNothing")).toMatchObject({ ename: "Uncaught", evalue: "undefined" });
  });

  it("shows the parts of an AggregateError", () => {
    expect(errorOf("aggregate").traceback).toMatch(/One of them: Error: one[^]*One of them: TypeError: two/);
  });

  it("reports type errors with line and column", () => {
    const error = errorOf("typeError");
    expect(error.ename).toBe("TypeScriptError");
    expect(error.evalue).toBe("2:7 - Type 'number' is not assignable to type 'string'.");
    expect(error.traceback).toContain("     2 | const wrong: string = fine;\n       |       ^");
    expect(errorOf("moduleTypeError").evalue).toMatch(/^3:14 - Type 'number'/);
  });

  it("maps positions in stacks that a cell prints itself", () => {
    const own = results.shownError.reply.execution_count;
    expect(streamText(results.shownError)).toBe(`Error: only shown\n    at cell[${own}]:1:13\n`);
  });

  it("counts lines of cells with Windows line ends", () => {
    expect(errorOf("windowsLines").traceback).toContain(`cell[${results.windowsLines.reply.execution_count}]:3:1`);
  });
});

describe("failures that no one awaits", () => {
  it.each([
    ["floating", "floating"],
    ["timer", "timer"],
    ["timerWhileWaiting", "never resolves"],
    ["rejectionWhileWaiting", "hangs"],
  ])("fail their cell: %s", (name, message) => {
    expect(errorOf(name).evalue).toBe(message);
  });

  it("count as handled when a handler comes while the cell runs", () => {
    expect(results.handledInTime.reply.status).toBe("ok");
    expect(streamText(results.handledInTime)).toBe("handled\n");
    expect(results.cleanDrain.reply.status).toBe("ok");
  });

  it("are shown at their own cell when they come late, and told to the next drain, once", () => {
    expect(results.late.reply.status).toBe("ok");
    expect(results.afterLate.reply.status).toBe("ok");
    const late = results.heard.outputs.filter(({ parent }) => parent === results.late.id);
    expect(late.map(({ type }) => type)).toEqual(["stream", "error"]);
    expect(late[0].content.text).toBe("still mine\n");
    expect(late[1].content.traceback?.join("\n")).toContain(`cell[${results.late.reply.execution_count}]:2:`);
    const { reply } = results.lateDrain;
    expect(reply.status).toBe("error");
    expect(reply.evalue).toContain(`late (in cell[${results.late.reply.execution_count}]:2:`);
    expect(reply.nn30).toMatchObject({ failures: [{ requestId: results.late.id, line: 2, evalue: "late" }] });
    expect(results.secondDrain.reply.status).toBe("ok");
  });

  it("are waited for by the drain", () => {
    expect(results.pending.reply.status).toBe("ok");
    expect(results.pendingDrain.reply).toMatchObject({ status: "error", ename: "Error" });
    expect(results.pendingDrain.reply.evalue).toMatch(/^in time for the drain/);
  });

  it("do not keep the drain for ever", () => {
    expect(results.boundedDrain.reply.status).toBe("ok");
  });
});

describe("requests after an error", () => {
  it("run when they are sent after the error's reply", () => {
    expect(results.tolerated.reply.status).toBe("error");
    expect(streamText(results.afterTolerated)).toBe("not skipped\n");
    expect(streamText(results.afterStopping)).toBe("not skipped either\n");
    expect(streamText(results.afterRunAll)).toBe("runs again\n");
  });

  it("are aborted when they were waiting, as ipykernel does", () => {
    const statuses = [0, 1, 2, 3].map((index) => results[`runAll.${index}`].reply.status);
    expect(statuses).toEqual(["ok", "error", "aborted", "aborted"]);
    expect(results["runAllAsync.1"].reply.status).toBe("aborted");
    expect(results["runAll.2"].outputs).toEqual([]);
  });
});

describe("interrupt and shutdown", () => {
  it("stops a loop and gives a waiting cell up", () => {
    expect(errorOf("loop").ename).toBe("Interrupted");
    expect(errorOf("waiting").ename).toBe("Interrupted");
    expect(valueText(results.afterInterrupt)).toBe("'fail'");
  });

  it("ends although timers and servers are open", () => {
    expect(results.shutdown.reply).toMatchObject({ status: "ok", restart: false });
    // The driver gives up waiting for the process after 40 seconds; the timer would hold it for ever.
    expect(results.shutdown.exit_seconds).toBeLessThan(40);
  });
});

describe("other requests", () => {
  it("answers what front ends ask for at their start", () => {
    expect(results.info.reply).toMatchObject({
      status: "ok",
      implementation: "tslab",
      language_info: { name: "typescript", file_extension: ".ts", nbconvert_exporter: "script" },
    });
    expect(results.comms).toMatchObject({ type: "comm_info_reply", reply: { status: "ok", comms: {} } });
  });

  it("counts completion positions in characters", () => {
    expect(results.completeAfterEmoji.reply).toMatchObject({ matches: ["hypot"], cursor_start: 10, cursor_end: 14 });
  });

  it("publishes nothing for silent requests", () => {
    expect(results.silent.reply.status).toBe("ok");
    expect(results.silent.outputs).toEqual([]);
  });

  it(
    "adds no global to those of the stock kernel",
    async () => {
      const stock = await fixture.drive("stock", {
        names: { execute: "console.log(Object.getOwnPropertyNames(globalThis).sort().join())" },
      });
      expect(valueText(results.unknown)).toBe(`'${streamText(stock.results.names).trimEnd()}'`);
    },
    PATIENCE,
  );
});
