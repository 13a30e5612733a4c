/** A piece of text, or a character that would not be seen and is shown by its number. */
export type Piece = string | { hidden: string };

const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}\ud800-\udfff]/gu;
const joins = /\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?$/u;
const joined = /^\p{Extended_Pictographic}/u;

/** Splits a text so that characters that steer or hide (bidirectional, zero-width, control, tags) can be shown. A joiner within an emoji stays. */
export function reveal(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(hidden)) {
    const at = match.index;
    const character = match[0];
    if (character === '\u200d' && joins.test(text.slice(Math.max(0, at - 4), at)) && joined.test(text.slice(at + 1, at + 3))) continue;
    if (at > from) pieces.push(text.slice(from, at));
    pieces.push({ hidden: `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}` });
    from = at + character.length;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

/** The address of a link that may be followed, or null: http and https only, as the browser understands it. */
export function safeUrl(address: string): URL | null {
  try {
    const url = new URL(address);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
  } catch {
    return null;
  }
}
