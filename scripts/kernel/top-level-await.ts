import type { TypeScriptModule, TypeScriptNode } from "./tslab-modules.js";

/**
 * Says whether a cell awaits something outside of any function.
 *
 * tslab finds this out from a complaint of the compiler, which does not come for `await (…)` and `await […]`; it would
 * run such a cell as synchronous code, where `await` is an unknown name.
 */
export function awaitsAtTopLevel(typescript: TypeScriptModule, code: string): boolean {
  if (!code.includes("await")) return false;
  const { ScriptTarget, ScriptKind, SyntaxKind } = typescript;
  // Only in a module is `await` always a keyword.
  const module = `${code}\nexport {};`;
  const parsed = typescript.createSourceFile("cell.ts", module, ScriptTarget.Latest, false, ScriptKind.TS);
  const visit = (node: TypeScriptNode): boolean | undefined => {
    if (typescript.isFunctionLike(node) || typescript.isClassElement(node)) return undefined;
    return node.kind === SyntaxKind.AwaitExpression || typescript.forEachChild(node, visit);
  };
  return typescript.forEachChild(parsed, visit) === true;
}
