import { useTranslation } from 'react-i18next';
import { Empty } from '../components/states.tsx';

/** @param ofOne those to one webhook were asked for */
export function NoDeliveries({ filtered, ofOne = false }: { filtered: boolean; ofOne?: boolean }) {
  const { t } = useTranslation();
  const key = filtered ? 'emptyFiltered' : ofOne ? 'emptyOfOne' : 'empty';
  return <Empty title={t(`deliveries.${key}.title`)}>{t(`deliveries.${key}.text`)}</Empty>;
}
