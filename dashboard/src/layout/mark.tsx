import { Group, Image, Text } from '@mantine/core';
import { useBranding } from './branding.ts';

/** The platform's name and logo, or ours. */
export function Mark() {
  const { name, logoUrl } = useBranding();
  return (
    <Group gap="xs" wrap="nowrap">
      <Image src={logoUrl ?? '/favicon.svg'} alt="" w={26} h={26} fit="contain" radius="sm" />
      <Text fw={650} size="lg" lh={1} className="cut">
        {name ?? 'Waybill'}
      </Text>
    </Group>
  );
}
