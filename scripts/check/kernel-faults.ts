import ts from "typescript";
import type { CellModule } from "./modules.js";
import type { Problem } from "./problem.js";

/**
 * What TypeScript accepts and tslab 1.0 compiles wrongly: a binding that renames a property, `const { sum: total } = …`,
 * where the property's type stands in an earlier cell. tslab takes the property's name for a variable of that cell and
 * binds a local `exports`, which hides the names of all earlier cells: "Cannot access 'exports' before initialization".
 */
export function kernelFaults(program: ts.Program, modules: readonly CellModule[]): Problem[] {
  const checker = program.getTypeChecker();
  const files = new Set(modules.map((module) => program.getSourceFile(module.file)));
  return modules.flatMap((module) => {
    const file = program.getSourceFile(module.file);
    if (file === undefined) return [];
    const problems: Problem[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isBindingElement(node) && node.propertyName && ts.isIdentifier(node.propertyName)) {
        const declarations = checker.getSymbolAtLocation(node.propertyName)?.declarations ?? [];
        const earlier = declarations.some((declaration) => {
          const origin = declaration.getSourceFile();
          return origin !== file && files.has(origin);
        });
        if (earlier) problems.push(renamingProblem(module, file, node.propertyName));
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    return problems;
  });
}

function renamingProblem(module: CellModule, file: ts.SourceFile, name: ts.Identifier): Problem {
  const position = file.getLineAndCharacterOfPosition(name.getStart(file));
  const first = file.getLineAndCharacterOfPosition(module.start);
  return {
    notebook: module.notebook,
    cell: module.cell,
    line: position.line - first.line + 1,
    column: position.character + 1,
    length: name.text.length,
    code: "tslab/no-renaming-binding",
    message: `tslab cannot rename "${name.text}", whose type stands in an earlier cell: write object.${name.text}`,
  };
}
