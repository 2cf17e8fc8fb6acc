import {
  Group,
  Menu,
  SegmentedControl,
  Stack,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core';
import { IconLogout, IconSelector, IconUserCircle } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ApiProblem, post } from '../api.ts';
import { SHOWN_TIMES, type ShownTimes, showTimes, useShownTimes } from '../components/shown-times.ts';
import { changeLanguage, LANGUAGES, type Language } from '../i18n.ts';
import { forgetSession } from '../query-client.ts';
import { useMe } from '../session.ts';

/** Who is here; how they want to see things; the way out. */
export function PersonMenu() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const times = useShownTimes();
  const leave = useLeave();
  return (
    <Menu position="top-start" width={260} withinPortal>
      <Menu.Target>
        <UnstyledButton p="xs" w="100%" style={{ borderRadius: 'var(--mantine-radius-md)' }}>
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
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('nav.appearance')}</Menu.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t('nav.appearance')}
          value={colorScheme}
          onChange={(scheme) => setColorScheme(scheme as typeof colorScheme)}
          data={(['auto', 'light', 'dark'] as const).map((value) => ({
            value,
            label: t(`nav.scheme.${value}`),
          }))}
        />
        <Menu.Label mt="xs">{t('nav.language')}</Menu.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t('nav.language')}
          value={i18n.language}
          onChange={(language) => void changeLanguage(language as Language)}
          data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
        />
        <Menu.Label mt="xs">{t('nav.times')}</Menu.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t('nav.times')}
          value={times}
          onChange={(choice) => showTimes(choice as ShownTimes)}
          data={SHOWN_TIMES.map((value) => ({ value, label: t(`nav.timesShown.${value}`) }))}
        />
        {me.kind === 'user' && (
          <>
            <Menu.Divider />
            <ProfileItem />
            <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => leave()}>
              {t('nav.signOut')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function ProfileItem() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <Menu.Item
      leftSection={<IconUserCircle size={16} aria-hidden />}
      onClick={() => void navigate({ to: '/profile' })}
    >
      {t('nav.profile')}
    </Menu.Item>
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
