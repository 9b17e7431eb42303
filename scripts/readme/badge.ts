import { makeBadge } from "badge-maker";
import { DAYS } from "../curriculum.js";
import type { DoneDays } from "./tracker.js";

/** Share of the days that are done, in whole per cent; 100 only when all are. */
export function percentDone(done: DoneDays): number {
  return Math.floor((100 * done.size) / DAYS.length);
}

/** Name of the badge's colour: red below 20 %, then orange, yellow, yellowgreen, green in steps of 20, and brightgreen. */
export function badgeColour(percent: number): string {
  if (percent >= 100) return "brightgreen";
  return ["red", "orange", "yellow", "yellowgreen", "green"][Math.floor(percent / 20)];
}

/** The badge as a picture that needs no network. */
export function renderBadge(done: DoneDays): string {
  const percent = percentDone(done);
  return `${makeBadge({ label: "Progress", message: `${percent}%`, color: badgeColour(percent) })}\n`;
}

/** What the README shows: the committed picture, which links to the same badge at shields.io. */
export function renderBadgeLink(done: DoneDays): string {
  const percent = percentDone(done);
  const shields = `https://img.shields.io/badge/Progress-${percent}%25-${badgeColour(percent)}`;
  return `[![Progress: ${percent} %](.github/progress.svg)](${shields})`;
}
