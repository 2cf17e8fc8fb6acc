import { AppShell, Box, Burger, Group, ScrollArea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { lazyPart } from '../components/lazy-part.tsx';
import { useMissedOffer } from '../replays/missed-offers.ts';
import { Mark } from './mark.tsx';
import { Navigation } from './navigation.tsx';
import { PersonMenu } from './person-menu.tsx';
import { Unreached } from './unreached.tsx';

/** What surrounds every screen: where to go, for which account, and who is here. */
export function Shell() {
  const { t } = useTranslation();
  const [opened, { toggle, close }] = useDisclosure(false);
  const { account } = useParams({ strict: false });
  return (
    <AppShell
      navbar={{ width: 240, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      header={{ height: { base: 52, sm: 0 } }}
      padding={{ base: 'md', sm: 'lg' }}
    >
      <a href="#main" className="skip">
        {t('nav.skip')}
      </a>
      <AppShell.Header hiddenFrom="sm">
        <Group h="100%" px="md" justify="space-between">
          <Mark />
          <Burger
            opened={opened}
            onClick={toggle}
            size="sm"
            aria-label={t('nav.menu')}
            aria-expanded={opened}
          />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label={t('nav.main')} className="drawer" mod={{ opened }}>
        <Box p="md" pb="xs" visibleFrom="sm">
          <Mark />
        </Box>
        <AppShell.Section grow component={ScrollArea} px="xs">
          <Navigation account={account} onNavigate={close} />
        </AppShell.Section>
        <AppShell.Section p="xs" style={{ borderTop: '1px solid var(--wb-line)' }}>
          <PersonMenu onNavigate={close} />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Unreached />
        <Offer />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

const MissedDialog = lazyPart(async () => (await import('../replays/missed-dialog.tsx')).MissedDialog);

function Offer() {
  const offer = useMissedOffer();
  return offer ? <MissedDialog offer={offer} /> : null;
}
