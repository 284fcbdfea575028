package main

type playCmd struct{}
