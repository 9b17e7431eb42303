/** Licences that leave the user free to use, change and pass on, and that ask for no more than a notice. */
const PERMISSIVE =
  /^(0BSD|AFL-2\.1|Apache-2\.0|BlueOak-1\.0\.0|BSD-[23]-Clause|CC0-1\.0|ISC|MIT|MIT-0|PSF-2\.0|Python-2\.0|Unlicense|Zlib)$/;

/** What packages write, in words of SPDX. Package metadata is older than SPDX. */
const SPDX: readonly [RegExp, string][] = [
  [/^(the )?mit( licen[cs]e)?$/i, "MIT"],
  [/^(apache software license|apache licen[cs]e,? version 2\.0|apache[- ]2\.0)$/i, "Apache-2.0"],
  [/^(new |modified )?bsd[- ]3[- ]clause( licen[cs]e)?$/i, "BSD-3-Clause"],
  [/^bsd[- ]2[- ]clause( licen[cs]e)?$/i, "BSD-2-Clause"],
  [/^(isc licen[cs]e( \(iscl\))?|isc)$/i, "ISC"],
  [/^(mozilla public license 2\.0 \(mpl 2\.0\)|mpl-2\.0)$/i, "MPL-2.0"],
  [/^(psfl|python software foundation license|psf-2\.0)$/i, "PSF-2.0"],
  [/^bsd( licen[cs]e)?$/i, "BSD (clauses not stated)"],
  [/^SEE LICENSE IN /i, "its own (see the package)"],
];

/** A licence under one name, whatever the package calls it. */
export function licenceName(stated: string | undefined): string {
  const text = stated?.trim().replace(/^\((.*)\)$/, "$1") ?? "";
  if (text === "" || text.toUpperCase() === "UNKNOWN") return "not stated";
  return SPDX.find(([pattern]) => pattern.test(text))?.[1] ?? text;
}

/** Whether a licence asks for more than a notice, or is not stated: something to look at before passing a copy on. */
export function needsALook(licence: string): boolean {
  const alternatives = licence.split(" OR ").map((part) => part.split(" AND "));
  return !alternatives.some((parts) =>
    parts.every((part) => PERMISSIVE.test(part.replaceAll(/[()]/g, "").trim()) || part === "BSD (clauses not stated)"),
  );
}
