interface Span {
  readonly delivered: number;
  readonly failed: number;
}

const WIDTH = 4;
const GAP = 1;
const HEIGHT = 22;
const LEAST = 2;

/** A bar a span: how much arrived, and above it how much didn't. `label` says the same in words. */
export function Sparkline({ spans, label }: { spans: readonly Span[]; label: string }) {
  const most = Math.max(1, ...spans.map(({ delivered, failed }) => delivered + failed));
  const heightOf = (count: number) => (count === 0 ? 0 : Math.max(LEAST, (count / most) * HEIGHT));
  return (
    <svg
      width={spans.length * (WIDTH + GAP)}
      height={HEIGHT}
      role="img"
      aria-label={label}
      style={{ display: 'block' }}
    >
      <title>{label}</title>
      {spans.map(({ delivered, failed }, index) => {
        const good = heightOf(delivered);
        const bad = Math.min(HEIGHT - good, heightOf(failed)) || heightOf(failed);
        const x = index * (WIDTH + GAP);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a span is told from the next by its place alone
          <g key={index}>
            {delivered + failed === 0 && (
              <rect x={x} y={HEIGHT - 1} width={WIDTH} height={1} className="spark-none" />
            )}
            <rect x={x} y={HEIGHT - good} width={WIDTH} height={good} className="spark-good" />
            <rect
              x={x}
              y={Math.max(0, HEIGHT - good - bad)}
              width={WIDTH}
              height={bad}
              className="spark-bad"
            />
          </g>
        );
      })}
    </svg>
  );
}
