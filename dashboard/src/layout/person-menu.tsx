import {
  Divider,
  Group,
  NavLink,
  Popover,
  SegmentedControl,
  Stack,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLogout, IconSelector, IconUserCircle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiProblem, post } from '../api.ts';
import { MenuLink } from '../components/links.tsx';
import { SHOWN_TIMES, showTimes, useShownTimes } from '../components/shown-times.ts';
import { changeLanguage, LANGUAGES, type Language } from '../i18n.ts';
import { forgetSession } from '../query-client.ts';
import { useMe } from '../session.ts';

const SCHEMES = ['auto', 'light', 'dark'] as const;

interface Props {
  /** Something else is gone to. */
  readonly onNavigate: () => void;
}

/** Who is here; how they want to see things; the way out. */
export function PersonMenu({ onNavigate }: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const [opened, { toggle, close }] = useDisclosure(false);
  const go = () => {
    close();
    onNavigate();
  };
  return (
    <Popover opened={opened} onChange={close} position="top-start" width={260} trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton p="xs" w="100%" style={{ borderRadius: 'var(--mantine-radius-md)' }} onClick={toggle}>
          <Group gap="xs" justify="space-between" wrap="nowrap">
            <Stack gap={0} miw={0}>
              <Text size="sm" fw={550} className="cut">
                {me.name || t('nav.portalVisitor')}
              </Text>
              {me.email && (
                <Text size="xs" c="dimmed" className="cut">
                  {me.email}
                </Text>
              )}
            </Stack>
            <IconSelector size={16} aria-hidden className="opens" />
          </Group>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <Stack gap="xs">
          <Appearance />
          {me.kind === 'user' && <OfUser onNavigate={go} />}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** How this browser shows things. */
function Appearance() {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  // Its texts are loaded only then, which can fail.
  const change = useMutation({ mutationFn: changeLanguage });
  return (
    <>
      <OneOf
        label={t('nav.appearance')}
        value={colorScheme}
        onChange={setColorScheme}
        choices={SCHEMES.map((value) => ({ value, label: t(`nav.scheme.${value}`) }))}
      />
      <OneOf
        label={t('nav.language')}
        value={i18n.language as Language}
        onChange={change.mutate}
        choices={Object.entries(LANGUAGES).map(([value, label]) => ({ value: value as Language, label }))}
      />
      <OneOf
        label={t('nav.times')}
        value={useShownTimes()}
        onChange={showTimes}
        choices={SHOWN_TIMES.map((value) => ({ value, label: t(`nav.timesShown.${value}`) }))}
      />
    </>
  );
}

interface OneOfProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
}

function OneOf<Value extends string>({ label, value, onChange, choices }: OneOfProps<Value>) {
  return (
    <Stack gap={4}>
      <Text size="xs" fw={500} c="dimmed" px={4} aria-hidden>
        {label}
      </Text>
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={label}
        value={value}
        onChange={onChange}
        data={[...choices]}
      />
    </Stack>
  );
}

/** What only somebody has who signs in by themselves. */
function OfUser({ onNavigate }: Props) {
  const { t } = useTranslation();
  const leave = useLeave();
  return (
    <div>
      <Divider mb="xs" />
      <MenuLink
        to="/profile"
        label={t('nav.profile')}
        leftSection={<IconUserCircle size={16} aria-hidden />}
        onClick={onNavigate}
      />
      <NavLink
        component="button"
        label={t('nav.signOut')}
        leftSection={<IconLogout size={16} aria-hidden />}
        onClick={leave}
      />
    </div>
  );
}

/** Nothing of what was seen stays behind in memory. */
function useLeave(): () => void {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { mutate } = useMutation({
    mutationFn: async () => {
      try {
        await post('/v1/sign-out');
      } catch (error) {
        // It has ended already, which is what was wanted.
        if (!(error instanceof ApiProblem && error.status === 401)) throw error;
      }
    },
    onSuccess: async () => {
      await navigate({ to: '/sign-in' });
      forgetSession(queryClient);
    },
  });
  return mutate;
}
