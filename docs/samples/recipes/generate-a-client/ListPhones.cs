using System;
using System.Net.Http;
using Org.OpenAPITools.Api;
using Org.OpenAPITools.Client;

class ListPhones
{
    static void Main()
    {
        // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
        var configuration = new Configuration
        {
            BasePath = Environment.GetEnvironmentVariable("RECOVERYCONNECT_URL") ?? "http://127.0.0.1:4020",
            AccessToken = Environment.GetEnvironmentVariable("RECOVERYCONNECT_TOKEN") ?? "demo",
        };
        // A redirect could take the request to another host.
        var handler = new HttpClientHandler { AllowAutoRedirect = false };
        var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10) };
        Console.WriteLine(new BorrowerPhonesApi(http, configuration, handler).ListBorrowerPhones(57062885, 124927241));
    }
}
