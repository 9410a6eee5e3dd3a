#!/bin/sh
exec app
