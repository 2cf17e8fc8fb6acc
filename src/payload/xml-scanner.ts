/**
 * Where in an XML document one stands: in the text of an element, right after a "<" that may begin several things,
 * in a tag, in the value of an attribute in double or single quotes, and so on.
 */
export type XmlState =
  | 'text'
  | 'markup'
  | 'tag'
  | 'double-quoted'
  | 'single-quoted'
  | 'comment'
  | 'cdata'
  | 'instruction'
  | 'doctype';

const COMMENT = '<!--';
const CDATA = '<![CDATA[';

const ENDS: Partial<Record<XmlState, string>> = { comment: '-->', cdata: ']]>', instruction: '?>' };

/** Follows a document as far as needed to know how a value must be escaped. It doesn't judge what it reads. */
export class XmlScanner {
  state: XmlState = 'text';
  /** What began with a "<" and isn't known yet, or the last two characters of a section that has an end mark. */
  #tail = '';

  /** The last character of the comment or the CDATA section so far. */
  get before(): string {
    return this.#tail.slice(-1);
  }

  next(character: string): void {
    switch (this.state) {
      case 'text':
        if (character === '<') this.#enter('markup', character);
        break;
      case 'markup':
        this.#inMarkup(this.#tail + character);
        break;
      case 'tag':
        this.#inTag(character);
        break;
      case 'double-quoted':
        if (character === '"') this.state = 'tag';
        break;
      case 'single-quoted':
        if (character === "'") this.state = 'tag';
        break;
      default:
        this.#inSection(this.#tail + character);
    }
  }

  /** An escaped value has been written into the comment or the CDATA section; it never ends as one could go on. */
  forgetBefore(): void {
    this.#tail = '';
  }

  #enter(state: XmlState, tail = ''): void {
    this.state = state;
    this.#tail = tail;
  }

  #inMarkup(markup: string): void {
    if (markup === COMMENT) this.#enter('comment');
    else if (markup === CDATA) this.#enter('cdata');
    else if (markup === '<?') this.#enter('instruction');
    else if (COMMENT.startsWith(markup) || CDATA.startsWith(markup)) this.#tail = markup;
    else if (markup.startsWith('<!')) this.#enter('doctype');
    else this.#inTag(markup.slice(-1));
  }

  #inTag(character: string): void {
    if (character === '>') this.#enter('text');
    else if (character === '"') this.state = 'double-quoted';
    else if (character === "'") this.state = 'single-quoted';
    else this.state = 'tag';
  }

  #inSection(read: string): void {
    const end = ENDS[this.state];
    if (end !== undefined && read.endsWith(end)) this.#enter('text');
    else this.#tail = read.slice(-2);
  }
}
