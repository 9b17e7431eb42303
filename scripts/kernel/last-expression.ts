import type { TypeScriptModule, TypeScriptNode } from "./tslab-modules.js";

/**
 * Says whether a cell ends in an assignment, whose value is not shown (as in Python's notebooks, but for the many who
 * do not expect it of JavaScript: `x = 5` is an expression there, and tslab would print it).
 */
export function endsInAssignment(typescript: TypeScriptModule, code: string): boolean {
  const { ScriptTarget, ScriptKind, SyntaxKind } = typescript;
  const parsed = typescript.createSourceFile("cell.ts", code, ScriptTarget.Latest, false, ScriptKind.TS);
  // Types leave no code behind, so that the statement before them is the last one that tslab sees.
  const erased = new Set([SyntaxKind.InterfaceDeclaration, SyntaxKind.TypeAliasDeclaration]);
  const last = (parsed.statements ?? []).filter(({ kind }) => !erased.has(kind)).at(-1);
  if (last?.kind !== SyntaxKind.ExpressionStatement) return false;
  let expression: TypeScriptNode | undefined = last.expression;
  while (expression?.kind === SyntaxKind.ParenthesizedExpression) expression = expression.expression;
  if (expression?.kind !== SyntaxKind.BinaryExpression) return false;
  const operator = expression.operatorToken?.kind ?? -1;
  return operator >= SyntaxKind.FirstAssignment && operator <= SyntaxKind.LastAssignment;
}
