package main

import "encoding/json"

type sentCase struct {
	ID         string
	Operation  string
	BaseURL    string `json:"base_url"`
	Token      string
	IDs        map[string]int64
	Body       json.RawMessage
	DeadlineMs int64 `json:"deadline_ms"`
}

func replyTo(id string, err error) map[string]string {
	if err != nil {
		return map[string]string{"id": id, "outcome": "error", "output": err.Error()}
	}
	return map[string]string{"id": id, "outcome": "ok"}
}
