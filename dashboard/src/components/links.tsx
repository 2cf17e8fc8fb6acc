import {
  ActionIcon,
  type ActionIconProps,
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
  NavLink,
  type NavLinkProps,
} from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import { type ComponentPropsWithRef, forwardRef } from 'react';

type LinkElement<Props> = Props & Omit<ComponentPropsWithRef<'a'>, keyof Props>;

const AnchorElement = forwardRef<HTMLAnchorElement, LinkElement<AnchorProps>>((props, ref) => (
  <Anchor ref={ref} {...props} />
));
const ButtonElement = forwardRef<HTMLAnchorElement, LinkElement<ButtonProps>>((props, ref) => (
  <Button component="a" ref={ref} {...props} />
));
const IconElement = forwardRef<HTMLAnchorElement, LinkElement<ActionIconProps>>((props, ref) => (
  <ActionIcon component="a" ref={ref} {...props} />
));
const NavElement = forwardRef<HTMLAnchorElement, LinkElement<NavLinkProps>>((props, ref) => (
  <NavLink ref={ref} {...props} />
));

/** Links of the look of the library that know the routes there are. */
export const AnchorLink = createLink(AnchorElement);
export const ButtonLink = createLink(ButtonElement);
export const IconLink = createLink(IconElement);
export const MenuLink = createLink(NavElement);
