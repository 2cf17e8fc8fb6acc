import { Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Code } from '../components/code.tsx';
import { Id } from '../components/copy.tsx';
import { prettyJson } from '../components/pretty-json.ts';
import { Queried } from '../components/states.tsx';
import { ToneBadge } from '../components/tone.tsx';
import { type AttemptRequest, type AttemptView, attemptRequestQuery } from '../data/deliveries.ts';
import { failureText } from '../words/failure-words.ts';
import { asCurl } from './curl.ts';
import { CurlCommand } from './curl-command.tsx';

interface Props {
  readonly account: string;
  readonly deliveryId: string;
  readonly attempt: AttemptView;
}

/** What an attempt sent, or would send now, and what of it is signed. */
export function RequestView({ account, deliveryId, attempt }: Props) {
  const query = useQuery(attemptRequestQuery(account, deliveryId, attempt.id));
  return (
    <Queried query={query} rows={3}>
      {(shown) => <Shown shown={shown} />}
    </Queried>
  );
}

function Shown({ shown }: { shown: AttemptRequest }) {
  const { t } = useTranslation();
  const { request, failure } = shown;
  return (
    <Stack gap="xs" mt={4}>
      <Group gap="xs" align="flex-start">
        <ToneBadge tone={shown.unchanged ? 'good' : 'warn'}>
          {t(`deliveries.request.badges.${shown.state}`)}
        </ToneBadge>
        <Text size="sm" flex="1 1 16rem">
          {t(`deliveries.request.states.${shown.state}`)}
          {shown.batchId !== null && ` ${t('deliveries.request.items', { count: shown.items })}`}
        </Text>
      </Group>
      {failure && (
        <Text size="sm" className="foreign">
          {t('deliveries.request.none', { reason: failureText(failure) })}
        </Text>
      )}
      {request && (
        <>
          <Code title={t('deliveries.request.headers')} text={headerText(request.headers)} maxHeight={220} />
          {shown.hiddenHeaders.length > 0 && (
            <Text size="xs" c="dimmed">
              {t('deliveries.request.hidden')}
            </Text>
          )}
          <Code
            title={t('deliveries.request.body')}
            text={prettyJson(request.body)}
            copied={request.body}
            maxHeight={320}
          />
          <Signatures shown={shown} />
          <CurlCommand command={asCurl(request, shown.hiddenHeaders)} />
        </>
      )}
    </Stack>
  );
}

function Signatures({ shown: { signatures, request } }: { shown: AttemptRequest }) {
  const { t } = useTranslation();
  if (signatures.length === 0) {
    return (
      <Text size="xs" c="dimmed">
        {t('deliveries.request.unsigned')}
      </Text>
    );
  }
  return signatures.map(({ header, algorithm, content, secretIds }) => (
    <Stack key={header} gap={6}>
      <Code
        title={t('deliveries.request.signed', { header, algorithm })}
        text={shortened(content, request?.body ?? '', t('deliveries.request.bodyPlace'))}
        copied={content}
        maxHeight={160}
      />
      <Group gap="xs">
        <Text size="xs" c="dimmed">
          {t('deliveries.request.secrets', { count: secretIds.length })}
        </Text>
        {secretIds.map((id) => (
          <Id key={id} id={id} />
        ))}
      </Group>
    </Stack>
  ));
}

/** The body has been shown already; what stands around it is what people look for. */
function shortened(content: string, body: string, place: string): string {
  if (body === '' || content === body) return content;
  return content.split(body).join(place);
}

function headerText(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}
