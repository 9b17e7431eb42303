import type { Cell, Notebook } from "./notebook.js";
import { type CellScope, scopeOf } from "./scope.js";

/**
 * A cell as a TypeScript module. tslab compiles a cell as a module too, whose names later cells see; so a later cell
 * can declare a name anew, and what the compiler narrowed in one cell it does not know in the next.
 */
export interface CellModule {
  notebook: Notebook;
  cell: Cell;
  /** Absolute path of a file that does not exist. */
  file: string;
  /** Names of earlier cells, then the cell's own code, then the names for later cells. */
  text: string;
  /** Where the cell's code begins and ends in `text`. */
  start: number;
  end: number;
  /** Top-level names that later cells assign to. */
  assignedLater: ReadonlySet<string>;
}

/** A notebook as modules, or those of its cells that cannot be parsed. */
export interface NotebookModules {
  modules: CellModule[];
  unparsed: Cell[];
}

interface Names {
  /** Lines that bring names of earlier cells into the cell's scope. */
  incoming: string[];
  outgoing: Set<string>;
  assignedLater: Set<string>;
}

/** Turns the cells of a notebook into modules that see each other's names as Run All makes them see. */
export function modulesOf(notebook: Notebook): NotebookModules {
  const scopes = notebook.cells.map((cell) => scopeOf(cell.source));
  const unparsed = notebook.cells.filter((_, index) => scopes[index] === undefined);
  // What a cell with a syntax error declares is unknown: checking the others would report its names as missing.
  if (unparsed.length > 0) return { modules: [], unparsed };
  const names = linked(scopes as CellScope[], (cell) => `./${baseName(notebook)}.cell${cell + 1}`);
  return { modules: notebook.cells.map((cell, index) => moduleOf(notebook, cell, names[index])), unparsed };
}

/** Finds for each name that a cell uses the last cell before it that declares it. */
function linked(scopes: CellScope[], specifier: (cell: number) => string): Names[] {
  const names: Names[] = scopes.map(() => ({ incoming: [], outgoing: new Set(), assignedLater: new Set() }));
  const types = new Map<string, number>();
  const values = new Map<string, number>();
  scopes.forEach(({ declares, uses }, index) => {
    for (const [name, use] of uses) {
      const type = use.asType ? types.get(name) : undefined;
      const value = use.asValue ? values.get(name) : undefined;
      for (const origin of new Set([type, value])) {
        if (origin === undefined) continue;
        const { kind } = scopes[origin].declares.get(name)!;
        names[origin].outgoing.add(name);
        if (use.written && origin === value) names[origin].assignedLater.add(name);
        names[index].incoming.push(incomingLine(name, kind, specifier(origin), type !== value && origin === type));
      }
    }
    for (const [name, { isType, isValue }] of declares) {
      if (isType) types.set(name, index);
      if (isValue) values.set(name, index);
    }
  });
  return names;
}

function incomingLine(name: string, kind: "const" | "var" | "other", from: string, typeOnly: boolean): string {
  const specifier = JSON.stringify(from);
  // An imported variable could not be assigned to; `let` in place of `var` would be asked to be a constant here.
  if (kind !== "other") return `declare ${kind} ${name}: typeof import(${specifier}).${name};`;
  return `import ${typeOnly ? "type " : ""}{ ${name} } from ${specifier};`;
}

function moduleOf(notebook: Notebook, cell: Cell, { incoming, outgoing, assignedLater }: Names): CellModule {
  const before = incoming.map((line) => `${line}\n`).join("");
  const text = `${before}${cell.source}\nexport { ${[...outgoing].join(", ")} };\n`;
  const file = notebook.file.replace(/\.ipynb$/, `.cell${cell.number}.ts`).replaceAll("\\", "/");
  return { notebook, cell, file, text, start: before.length, end: before.length + cell.source.length, assignedLater };
}

function baseName(notebook: Notebook): string {
  return notebook.name.slice(notebook.name.lastIndexOf("/") + 1).replace(/\.ipynb$/, "");
}
