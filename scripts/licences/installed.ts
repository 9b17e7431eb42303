import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { INSTALLATION } from "../runner/paths.js";
import { normal, type PythonLicences } from "./packages.js";

/** What the packages of the checkout's Python environment say of their licences. */
export function installedLicences(root: string = INSTALLATION): PythonLicences {
  const library = path.join(root, ".venv", "lib");
  const packages = readdirSync(library).map((python) => path.join(library, python, "site-packages"));
  return Object.fromEntries(
    packages
      .flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name, "METADATA")))
      .filter((file) => path.dirname(file).endsWith(".dist-info"))
      .map((file) => licenceOf(readFileSync(file, "utf8"))),
  );
}

/** Name and licence in a package's METADATA: three places may state it, of which the older ones hold all kinds of text. */
function licenceOf(metadata: string): [name: string, licence: string] {
  const [head] = metadata.split(/\r?\n\r?\n/, 1);
  const field = (name: string) => new RegExp(`^${name}: *(.*)$`, "m").exec(head)?.[1].trim() ?? "";
  const classifier = /^Classifier: License :: (?:OSI Approved :: )?(.*)$/m.exec(head)?.[1].trim() ?? "";
  const text = field("License");
  const isName = text.length < 40 && !/^(#|copyright|unknown$|bsd$)/i.test(text);
  return [normal(field("Name")), field("License-Expression") || (isName && text) || classifier || text];
}
