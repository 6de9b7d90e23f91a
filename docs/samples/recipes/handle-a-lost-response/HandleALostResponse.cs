// Creates a phone. If the response is lost, finds out whether the API stored the record.
// Needs Newtonsoft.Json: dotnet add package Newtonsoft.Json
using System;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

class HandleALostResponse
{
    // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
    static string url = Environment.GetEnvironmentVariable("RECOVERYCONNECT_URL") ?? "http://127.0.0.1:4020";
    static string token = Environment.GetEnvironmentVariable("RECOVERYCONNECT_TOKEN") ?? "demo";
    static JObject sent = JObject.Parse("{'type': 6, 'number': '2025550143', 'valid': 1, 'no_contact': 0}");
    // A redirect could take the request to another host.
    static HttpClient client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    static int Main()
    {
        var before = List().Select(phone => (string)phone["id"]).ToList();
        try
        {
            var response = Send(HttpMethod.Post, sent.ToString());
            var text = response.Content.ReadAsStringAsync().Result;
            // With these statuses, the API has stored nothing.
            if (new[] { 401, 403, 422, 429 }.Contains((int)response.StatusCode)) return Stop(1, text);
            var phone = response.IsSuccessStatusCode ? JObject.Parse(text)["data"] as JObject : null;
            if (phone != null && Matches(phone)) return Stop(0, "stored as " + phone["id"]);
            if (phone != null) return Stop(1, "Don't dial. The API stored something else: " + phone);
        }
        catch (Exception lost) when (lost is AggregateException || lost is JsonException)
        {
            Console.Error.WriteLine("The response is lost: " + lost.GetBaseException().GetType().Name);
        }

        JToken[] found = { };
        // The server may still be working. PHP runs a request for half a minute by default.
        foreach (var seconds in new[] { 0, 2, 8, 20 })
        {
            Thread.Sleep(seconds * 1000);
            found = List().Where(phone => !before.Contains((string)phone["id"])).ToArray();
            var same = found.Where(Matches).ToArray();
            if (same.Length == 1) return Stop(0, "stored as " + same[0]["id"]);
        }
        if (found.Length == 0) return Stop(1, "Not stored after 30 seconds. You can create it again.");
        var ids = string.Join(", ", found.Select(phone => phone["id"]));
        return Stop(1, "A person has to decide whether one of these is the record: " + ids);
    }

    static bool Matches(JToken phone)
    {
        var digits = Regex.Replace((string)phone["number"] ?? "", @"^\+?1|[ ().+-]", "");
        return digits == (string)sent["number"] && sent.Properties()
            .All(field => field.Name == "number" || JToken.DeepEquals(field.Value, phone[field.Name]));
    }

    static JToken List()
    {
        var response = Send(HttpMethod.Get);
        var text = response.Content.ReadAsStringAsync().Result;
        var body = response.IsSuccessStatusCode ? JObject.Parse(text) : new JObject();
        // A list with anything beside "data" can be one page of several.
        if (body.Count != 1 || !(body["data"] is JArray)) Environment.Exit(Stop(1, text));
        return body["data"];
    }

    static HttpResponseMessage Send(HttpMethod method, string body = null)
    {
        var path = "/api/v140/orders/57062885/borrowers/124927241/phones";
        var request = new HttpRequestMessage(method, url + path);
        request.Headers.Add("Authorization", "Bearer " + token);
        request.Headers.Add("Accept", "application/json");
        // If a connection that was used before breaks, a create could be sent twice.
        request.Headers.ConnectionClose = true;
        if (body != null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return client.SendAsync(request).Result;
    }

    static int Stop(int status, string message)
    {
        Console.WriteLine(message);
        return status;
    }
}
