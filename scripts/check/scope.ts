import { parseForESLint } from "@typescript-eslint/parser";

/** What a name of a cell means to other cells. */
interface Declaration {
  /** Variables can be declared anew elsewhere with `typeof`; functions, classes, types and imports are imported. */
  kind: "const" | "var" | "other";
  isType: boolean;
  isValue: boolean;
}

/** How a cell uses a name that it does not declare. */
interface Use {
  asType: boolean;
  asValue: boolean;
  /** Assigned to, so that the cell that declares it must not be told to make it a `const`. */
  written: boolean;
}

/** Names that go in and out of a cell. */
export interface CellScope {
  declares: Map<string, Declaration>;
  uses: Map<string, Use>;
}

type ScopeManager = ReturnType<typeof parseForESLint>["scopeManager"];
type Variable = ScopeManager["scopes"][number]["variables"][number];

/**
 * Finds the top-level names that a cell declares and the free names that it uses.
 *
 * @param source - code of the cell
 * @returns undefined where the code cannot be parsed; the compiler knows how to say why
 */
export function scopeOf(source: string): CellScope | undefined {
  let scopes: ScopeManager;
  try {
    scopes = parseForESLint(source, { sourceType: "module", range: true, loc: true }).scopeManager;
  } catch {
    return undefined;
  }
  const declares = new Map<string, Declaration>();
  const uses = new Map<string, Use>();
  // The scope of a module; a cell without any statement has only the global one.
  const top = scopes.globalScope?.childScopes[0];
  if (top === undefined) return { declares, uses };
  for (const variable of top.variables) {
    if (variable.defs.length > 0) declares.set(variable.name, declarationOf(variable));
  }
  for (const reference of top.through) {
    const { name } = reference.identifier as { name: string };
    const use = uses.get(name) ?? { asType: false, asValue: false, written: false };
    use.asType ||= reference.isTypeReference;
    use.asValue ||= reference.isValueReference;
    use.written ||= reference.isWrite();
    uses.set(name, use);
  }
  return { declares, uses };
}

function declarationOf(variable: Variable): Declaration {
  const meaning = { isType: variable.isTypeVariable, isValue: variable.isValueVariable };
  const { parent } = variable.defs[0];
  if (!parent || !("declarations" in parent)) return { kind: "other", ...meaning };
  return { kind: parent.kind === "let" || parent.kind === "var" ? "var" : "const", ...meaning };
}
