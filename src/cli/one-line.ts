// Foreign text where only one line has room.
import { harmless } from "../lib/harmless-text.ts";

/** Harmless, with line ends as spaces. */
export const oneLine = (text: string): string => harmless(text.replace(/\s*[\r\n]\s*/g, " "));
