import path from "node:path";
import ts from "typescript";

/** What a round of compiling had to say. */
export interface Round {
  /** Source files that were changed, added or removed since the last round; relative to the root, in order of name. */
  changed: string[];
  /** Errors, as the compiler prints them. */
  errors: string[];
}

/** A watch that has been started. */
export interface Watch {
  close(): void;
}

/** TypeScript's codes for "Found 0 errors" and "Found n errors": the two that end a round. */
const ROUND_ENDS = new Set([6193, 6194]);

/**
 * Compiles a solution and its projects, and again each time one of their sources changes.
 *
 * @param configuration - absolute path of the solution's `tsconfig.json`
 * @param done - called after each round, the first one included
 * @param system - files, clocks and watchers; tests bring their own
 */
export function watchSolution(configuration: string, done: (round: Round) => void, system: ts.System = ts.sys): Watch {
  const root = path.dirname(configuration);
  const changed = new Set<string>();
  const errors: string[] = [];
  const format: ts.FormatDiagnosticsHost = {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => root,
    getNewLine: () => "\n",
  };
  const watching = watchersOf(system, (file) => {
    if (isSource(file)) changed.add(path.relative(root, file).split(path.sep).join("/"));
  });
  const host = ts.createSolutionBuilderWithWatchHost(
    watching.system,
    undefined,
    (diagnostic) => errors.push(ts.formatDiagnosticsWithColorAndContext([diagnostic], format).trimEnd()),
    () => undefined,
    ({ code }) => {
      if (!ROUND_ENDS.has(code)) return;
      done({ changed: [...changed].sort(), errors: [...errors] });
      changed.clear();
      errors.length = 0;
    },
  );
  ts.createSolutionBuilderWithWatch(host, [configuration], {}).build();
  return { close: watching.close };
}

function isSource(file: string): boolean {
  return /\.[cm]?ts$/.test(file) && !/\.d\.[cm]?ts$/.test(file);
}

/** The same system, which tells of each change and can stop all of its watchers: TypeScript has no call for that. */
function watchersOf(system: ts.System, noticed: (file: string) => void): { system: ts.System; close: () => void } {
  const watchFile = system.watchFile?.bind(system);
  const watchDirectory = system.watchDirectory?.bind(system);
  if (watchFile === undefined || watchDirectory === undefined) {
    throw new Error("Files cannot be watched on this system: compile with `npx tsc -b` after a change");
  }
  const open = new Set<ts.FileWatcher>();
  const timers = new Set<NodeJS.Timeout>();
  const keep = (watcher: ts.FileWatcher): ts.FileWatcher => {
    open.add(watcher);
    return {
      close: () => {
        open.delete(watcher);
        watcher.close();
      },
    };
  };
  const own: ts.System = {
    ...system,
    // A round waits a moment for further changes.
    setTimeout: (callback: (...given: unknown[]) => void, milliseconds: number, ...given: unknown[]) => {
      const timer = setTimeout(callback, milliseconds, ...given);
      timers.add(timer);
      return timer;
    },
    clearTimeout: (timer: NodeJS.Timeout) => {
      clearTimeout(timer);
      timers.delete(timer);
    },
    watchFile: (file, callback, ...rest) =>
      keep(
        watchFile(
          file,
          (name, kind, time) => {
            noticed(name);
            callback(name, kind, time);
          },
          ...rest,
        ),
      ),
    watchDirectory: (folder, callback, ...rest) =>
      keep(
        watchDirectory(
          folder,
          (name) => {
            noticed(name);
            callback(name);
          },
          ...rest,
        ),
      ),
  };
  return {
    system: own,
    close: () => {
      for (const watcher of open) watcher.close();
      open.clear();
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
