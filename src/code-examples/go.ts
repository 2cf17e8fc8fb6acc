import type { HeaderPart, Plan, Words } from './plan.ts';
import {
  camelCase,
  joined,
  lines,
  needsOf,
  purposeOf,
  quoted,
  runsOf,
  SAID,
  TOLERANCE_SECONDS,
  type Writing,
} from './writing.ts';

const WRITING: Writing = {
  text: (text) => quoted(text, '"'),
  variable: nameOf,
  empty: '""',
  plus: ' + ',
};

/** Go's linters want initialisms in capitals. */
function nameOf(words: Words): string {
  return camelCase(words).replace(/Id$/, 'ID');
}

/** @returns a package for Go with a handler of net/http */
export function goExample(plan: Plan): string {
  const needs = needsOf(plan);
  return lines(
    '// http.HandleFunc("/webhooks", webhooks.Receive)',
    'package webhooks',
    '',
    'import (',
    ...importsOf(plan).map((name) => `\t"${name}"`),
    ')',
    '',
    ...keys(plan),
    '',
    `// IsSigned tells ${purposeOf(plan).replace(/^W/, 'w')}`,
    'func IsSigned(header http.Header, body []byte) bool {',
    ...plan.values.map((value) => `\t${nameOf(value.words)} := ${read(value)}`),
    ...age(plan),
    ...contentOf(plan),
    '\tfor _, key := range keys {',
    `\t\tfor _, signature := range ${signaturesOf(plan)} {`,
    ...(needs.ed25519 ? ed25519(plan) : hmac(plan)),
    '\t\t}',
    '\t}',
    '\treturn false',
    '}',
    ...(needs.pattern
      ? [
          '',
          'func part(text string, pattern *regexp.Regexp) string {',
          '\tif found := pattern.FindStringSubmatch(text); found != nil {',
          '\t\treturn found[1]',
          '\t}',
          '\treturn ""',
          '}',
        ]
      : []),
    '',
    'func Receive(writer http.ResponseWriter, request *http.Request) {',
    '\tbody, err := io.ReadAll(http.MaxBytesReader(writer, request.Body, 10<<20))',
    '\tif err != nil || !IsSigned(request.Header, body) {',
    '\t\twriter.WriteHeader(http.StatusUnauthorized)',
    '\t\treturn',
    '\t}',
    `\t// ${SAID.accepted}`,
    `\twriter.WriteHeader(${plan.success})`,
    '}',
    '',
  );
}

function importsOf(plan: Plan): string[] {
  const needs = needsOf(plan);
  const wanted: Record<string, boolean> = {
    'crypto/ed25519': needs.ed25519,
    'crypto/hmac': !needs.ed25519,
    'crypto/sha256': !needs.ed25519 && !needs.sha512,
    'crypto/sha512': needs.sha512,
    'encoding/base64': plan.encoding === 'base64' || needs.prefix !== null,
    'encoding/hex': plan.encoding === 'hex',
    io: true,
    'net/http': true,
    os: true,
    regexp: needs.pattern,
    strconv: plan.timestamp !== null,
    strings: true,
    time: plan.timestamp !== null,
  };
  return Object.keys(wanted).filter((name) => wanted[name]);
}

function keys(plan: Plan): string[] {
  const { variable, prefix } = needsOf(plan);
  const decode = prefix
    ? [
        `\t\tkey, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, "${prefix}"))`,
        `\t\tif err != nil || len(key) < ${plan.minKeyBytes} {`,
      ]
    : ['\t\tkey := []byte(text)', `\t\tif len(key) < ${plan.minKeyBytes} {`];
  return [
    `// ${SAID.keys}`,
    'var keys = readKeys()',
    '',
    ...(plan.timestamp ? [`const tolerance = ${TOLERANCE_SECONDS} * time.Second`, ''] : []),
    'func readKeys() (keys [][]byte) {',
    `\tfor _, text := range strings.Split(os.Getenv("${variable}"), " ") {`,
    ...decode,
    `\t\t\tpanic("${variable} is not set, or cut off")`,
    '\t\t}',
    '\t\tkeys = append(keys, key)',
    '\t}',
    '\treturn keys',
    '}',
  ];
}

function read({ header, pattern }: HeaderPart): string {
  const text = `header.Get("${header}")`;
  return pattern === null ? text : `part(${text}, regexp.MustCompile(\`${pattern}\`))`;
}

function age({ timestamp }: Plan): string[] {
  if (!timestamp) return [];
  return [
    `\tseconds, err := strconv.ParseInt(${nameOf(timestamp)}, 10, 64)`,
    '\tif err != nil || time.Since(time.Unix(seconds, 0)).Abs() > tolerance {',
    '\t\treturn false',
    '\t}',
  ];
}

function contentOf({ content }: Plan): string[] {
  const runs = runsOf(content);
  if (runs.length === 1) return ['\tcontent := body'];
  const [first = 'body', ...rest] = runs;
  const start = first === 'body' ? 'append([]byte(nil), body...)' : `[]byte(${joined(first, WRITING)})`;
  return [
    `\tcontent := ${start}`,
    ...rest.map((run) => `\tcontent = append(content, ${run === 'body' ? run : joined(run, WRITING)}...)`),
  ];
}

function signaturesOf({ signatures }: Plan): string {
  const text = read(signatures);
  if (signatures.separator === null) return `[]string{${text}}`;
  return `strings.Split(${text}, ${quoted(signatures.separator, '"')})`;
}

function hmac(plan: Plan): string[] {
  const encode = plan.encoding === 'hex' ? 'hex.EncodeToString' : 'base64.StdEncoding.EncodeToString';
  const expected = [
    ...plan.before.map((piece) => joined([piece], WRITING)),
    `${encode}(mac.Sum(nil))`,
    ...plan.after.map((piece) => joined([piece], WRITING)),
  ];
  return [
    `\t\t\tmac := hmac.New(${needsOf(plan).sha512 ? 'sha512.New' : 'sha256.New'}, key)`,
    '\t\t\tmac.Write(content)',
    `\t\t\texpected := ${expected.join(' + ')}`,
    '\t\t\tif hmac.Equal([]byte(expected), []byte(signature)) {',
    '\t\t\t\treturn true',
    '\t\t\t}',
  ];
}

function ed25519(plan: Plan): string[] {
  const decode = plan.encoding === 'hex' ? 'hex.DecodeString' : 'base64.StdEncoding.DecodeString';
  return [
    `\t\t\ttext, isOurs := strings.CutPrefix(signature, ${joined(plan.before, WRITING)})`,
    ...(plan.after.length > 0
      ? [`\t\t\ttext, isWhole := strings.CutSuffix(text, ${joined(plan.after, WRITING)})`]
      : []),
    `\t\t\tbytes, err := ${decode}(text)`,
    `\t\t\tif isOurs${plan.after.length > 0 ? ' && isWhole' : ''} && err == nil && ed25519.Verify(key, content, bytes) {`,
    '\t\t\t\treturn true',
    '\t\t\t}',
  ];
}
