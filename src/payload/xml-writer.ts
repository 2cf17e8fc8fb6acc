import { SaxesParser, type XMLDecl } from 'saxes';
import type { BodyText, BodyWriter } from './body.ts';
import type { Budget } from './budget.ts';
import { PayloadFailure, type PayloadParams } from './failure.ts';
import { textOf } from './value-text.ts';
import {
  escapeXmlAttribute,
  escapeXmlCdata,
  escapeXmlComment,
  escapeXmlText,
  xmlCharacters,
} from './xml-escape.ts';
import { XmlScanner } from './xml-scanner.ts';

/**
 * XML 1.0. Everything written so far decides how a value is escaped. A strict parser reads along, so that an error
 * is found where the template makes it.
 */
export class XmlWriter implements BodyWriter {
  readonly #body: BodyText;
  readonly #budget: Budget;
  readonly #scanner = new XmlScanner();
  readonly #parser = new SaxesParser({ position: false, forceXMLVersion: true, defaultXMLVersion: '1.0' });
  /** Where in the template the text stands that the parser reads. */
  #offset = 0;
  /** Whether it is text of the template, character by character; a value is one place for all its text. */
  #isLiteral = false;
  /** Of all that the parser has been given before it. */
  #givenLength = 0;

  constructor(body: BodyText, budget: Budget) {
    this.#body = body;
    this.#budget = budget;
    this.#parser.on('error', (error) => {
      const said = error.message.replace(/\.$/, '');
      throw this.#failure(`The XML isn't well-formed: ${said}.`, { why: 'parser', said });
    });
    this.#parser.on('xmldecl', (declaration) => this.#checkDeclaration(declaration));
  }

  literal(given: string, offset: number): void {
    // A declaration must be the very first thing, and a template may well begin with tags and their line breaks.
    const text = this.#body.isEmpty ? given.trimStart() : given;
    const start = offset + given.length - text.length;
    for (let at = 0; at < text.length; at += 1) {
      this.#scanner.next(text.charAt(at));
      if (this.#scanner.state === 'doctype') throw doctype(start + at);
    }
    this.#isLiteral = true;
    this.#write(text, start);
  }

  value(value: unknown, offset: number): void {
    const text = xmlCharacters(textOf(value, this.#budget));
    if (text === '') return;
    this.#isLiteral = false;
    this.#write(this.#escape(text, offset), offset);
  }

  end(offset: number): string {
    this.#offset = offset;
    this.#isLiteral = false;
    this.#parser.close();
    return this.#body.end();
  }

  #write(text: string, offset: number): void {
    this.#body.push(text);
    this.#offset = offset;
    this.#parser.write(text);
    this.#givenLength += text.length;
  }

  #escape(text: string, offset: number): string {
    const { state, before } = this.#scanner;
    switch (state) {
      case 'text':
        return escapeXmlText(text);
      case 'double-quoted':
      case 'single-quoted':
        return escapeXmlAttribute(text);
      case 'cdata':
        this.#scanner.forgetBefore();
        return escapeXmlCdata(text, before);
      case 'comment':
        this.#scanner.forgetBefore();
        return escapeXmlComment(text, before);
      default:
        throw new PayloadFailure(
          'output_misplaced',
          'An output can stand in the text of an element or between the quotes of an attribute, not here.',
          offset,
          { why: 'xml' },
        );
    }
  }

  #checkDeclaration({ version, encoding }: XMLDecl): void {
    if (version !== '1.0')
      throw this.#failure('The XML declaration must name version 1.0.', { why: 'version' });
    if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8') {
      throw this.#failure(
        'Payloads are sent in UTF-8: the XML declaration must name this encoding, or none.',
        { why: 'encoding' },
      );
    }
  }

  #failure(message: string, params: PayloadParams): PayloadFailure {
    const read = this.#isLiteral ? Math.max(this.#parser.position - this.#givenLength - 1, 0) : 0;
    return new PayloadFailure('invalid_xml', message, this.#offset + read, params);
  }
}

/** A DOCTYPE can define entities that grow without end or read files of the receiver. */
export function doctype(offset: number): PayloadFailure {
  return new PayloadFailure('doctype_not_allowed', 'A payload must not contain a DOCTYPE.', offset);
}
