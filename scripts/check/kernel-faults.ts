import ts from "typescript";
import type { CellModule } from "./modules.js";
import type { Problem } from "./problem.js";

/**
 * What TypeScript accepts and tslab 1.0 compiles wrongly. tslab turns a name of an earlier cell into a property of its
 * `exports`, and gets two forms wrong:
 *
 * - a binding that renames a property, `const { sum: total } = …`, where an earlier cell declares the property: it binds
 *   a local `exports`, which hides the names of all earlier cells. To tslab, what an earlier cell left behind is a
 *   declaration file, and a type without a name is written out there, also one whose properties come from a package;
 * - a shorthand property `{ total }` whose value comes from an earlier cell: it is left as it is, and not defined.
 */
export function kernelFaults(program: ts.Program, modules: readonly CellModule[]): Problem[] {
  const checker = program.getTypeChecker();
  const files = new Set(modules.map((module) => program.getSourceFile(module.file)));
  return modules.flatMap((module) => {
    const file = program.getSourceFile(module.file);
    if (file === undefined) return [];
    const problems: Problem[] = [];
    // Lines before the cell's own code declare the names of earlier cells.
    const isEarlier = (declaration: ts.Declaration) =>
      declaration.getSourceFile() === file && declaration.pos < module.start;
    const isOfEarlierCell = ({ parent: pattern, propertyName }: ts.BindingElement) => {
      const declarations = checker.getSymbolAtLocation(propertyName!)?.declarations ?? [];
      const origins = declarations.map((declaration) => declaration.getSourceFile());
      if (origins.some((origin) => origin !== file && files.has(origin))) return true;
      const type = checker.getTypeAtLocation(pattern);
      const named = type.aliasSymbol !== undefined || type.isClassOrInterface() || checker.isArrayType(type);
      return !named && !origins.includes(file);
    };
    const visit = (node: ts.Node): void => {
      if (ts.isBindingElement(node) && node.propertyName && ts.isIdentifier(node.propertyName)) {
        if (isOfEarlierCell(node)) {
          const name = node.propertyName.text;
          const advice = `tslab cannot rename "${name}", whose type stands in an earlier cell: write object.${name}`;
          problems.push(problemAt(module, file, node.propertyName, "tslab/no-renaming-binding", advice));
        }
      }
      if (ts.isShorthandPropertyAssignment(node)) {
        if (checker.getShorthandAssignmentValueSymbol(node)?.declarations?.some(isEarlier)) {
          const name = node.name.text;
          const advice = `tslab loses "${name}", which an earlier cell declares: write { ${name}: ${name} }`;
          problems.push(problemAt(module, file, node.name, "tslab/no-shorthand-of-earlier-cell", advice));
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    return problems;
  });
}

function problemAt(
  module: CellModule,
  file: ts.SourceFile,
  name: ts.Identifier,
  code: string,
  message: string,
): Problem {
  const position = file.getLineAndCharacterOfPosition(name.getStart(file));
  const first = file.getLineAndCharacterOfPosition(module.start);
  return {
    notebook: module.notebook,
    cell: module.cell,
    line: position.line - first.line + 1,
    column: position.character + 1,
    length: name.text.length,
    code,
    message,
  };
}
