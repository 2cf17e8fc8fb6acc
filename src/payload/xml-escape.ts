const BREAK = ']]><![CDATA[';

// XML 1.0, production 2: these may not stand in a document in any way, not even as a reference.
const NO_XML_CHARACTER = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A parser makes a line feed of a carriage return, and in attributes a space of each of these.
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** The text with U+FFFD for each character that XML 1.0 can't hold. */
export function xmlCharacters(text: string): string {
  return text.replace(NO_XML_CHARACTER, '\uFFFD');
}

/** For the text of an element. */
export function escapeXmlText(text: string): string {
  return text.replace(/[&<>"'\r]/g, (found) => REFERENCES[found] ?? found);
}

/** For the value of an attribute, in either kind of quotes. */
export function escapeXmlAttribute(text: string): string {
  return text.replace(/[&<>"'\r\n\t]/g, (found) => REFERENCES[found] ?? found);
}

/**
 * For a CDATA section, which knows no references: where the text or its surroundings would end the section, it is
 * ended and begun again.
 *
 * @param before the character that stands before it in the section
 */
export function escapeXmlCdata(text: string, before: string): string {
  const inner = text.replaceAll(']]>', `]]${BREAK}>`).replaceAll('\r', ']]>&#13;<![CDATA[');
  const start = before === ']' && /^[\]>]/.test(text) ? BREAK : '';
  return start + inner + (inner.endsWith(']') ? BREAK : '');
}

/**
 * For a comment, which can't hold two hyphens in a row and has no way to write them: spaces keep them apart.
 *
 * @param before the character that stands before it in the comment
 */
export function escapeXmlComment(text: string, before: string): string {
  const inner = text.replace(/-(?=-|$)/g, '- ');
  return before === '-' && inner.startsWith('-') ? ` ${inner}` : inner;
}
