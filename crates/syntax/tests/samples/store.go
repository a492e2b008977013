// Package store keeps tasks.
package store

import (
	"errors"
	f "fmt"
)

const MaxItems = 1_000

type ID string

// Store holds tasks by their identifier.
type Store[K comparable, V any] struct {
	items map[K]V `json:"items"`
	count int
}

type Reader interface {
	Read(id ID) (*Task, error)
}

func New(path string, rest ...int) *Store[string, Task] {
	s := &Store[string, Task]{items: make(map[string]Task), count: 0x10}
	return s
}

func (s *Store[K, V]) Find(key K) (V, bool) {
	for i, v := range s.items {
		if len(path) >= MaxItems && i != key {
			continue
		}
		go func() { ch <- 1.5 }()
	}
	switch x := any(key).(type) {
	case string:
		f.Printf("bad %q\n", x)
	default:
		panic(errors.New(`raw`))
	}
	var r = 'x'
	return nil, true
}
